"""Cells run in the environment's own kernel, whatever a user has installed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.ring("test")

PAGE = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Page

```{code-cell} ipython3
import sys
print("ran", sys.executable, "planted" in dir())
```
"""


def test_planted_kernel_and_startup_file_are_ignored(root, tmp_path):
    """A user's kernel of the same name and a user's startup script leave no trace."""
    home = tmp_path / "home"
    kernel = home / ".local/share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": ["/bin/false"], "display_name": "planted", "language": "python"})
    )
    startup = home / ".ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("planted = True\n")
    book = tmp_path / "book"
    book.mkdir()
    shutil.copy(root / "book/_config.yml", book)
    (book / "_templates").symlink_to(root / "book/_templates")
    (tmp_path / "references.bib").write_text("")
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (book / "index.md").write_text(PAGE)

    result = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", book, "-n", "-q"],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(home), "IPYTHONDIR": "", "NO_COLOR": "1"},
        check=False,
    )

    page = (book / "_build/html/index.html").read_text()
    assert f"ran {sys.executable} False" in page, result.stdout + result.stderr
    assert "IPKernelApp" not in result.stderr
