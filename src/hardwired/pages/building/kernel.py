"""The kernel that runs the book's cells: the one of this environment, with no user's settings.

A kernel or an IPython profile that a user or the machine has installed could run other code, or
the same code differently.
"""

import os
from pathlib import Path

from sphinx.application import Sphinx

# Read when Jupyter looks for kernels; the environment's own come first.
os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")

# The kernel remarks on its transport each time it starts; a build prints only what needs mending.
SETTINGS = 'c = get_config()  # noqa: F821\nc.IPKernelApp.log_level = "ERROR"\n'


def own_profile(app: Sphinx) -> None:
    """Point IPython at a profile of the build's own."""
    folder = Path(app.outdir).parent / ".ipython"
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(SETTINGS, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(folder)
