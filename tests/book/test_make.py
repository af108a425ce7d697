"""The Makefile speaks one line when the machine lacks something."""

import os
import subprocess

import pytest


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("#!/bin/sh\nexit 127\n", id="no Python"),
        pytest.param("#!/bin/sh\nexit 1\n", id="Python too old or venv missing"),
    ],
)
def test_unfit_python_is_one_line_and_a_stop(root, tmp_path, script):
    """Python that is absent, too old or without venv: make says so and stops."""
    python = tmp_path / "python3"
    python.write_text(script)
    python.chmod(0o755)

    result = subprocess.run(
        ["make", "-s", f"VENV={tmp_path}/venv", f"PYTHON={python}", f"{tmp_path}/venv/.python"],
        cwd=root,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": "", "HARDWIRED_MAKE": "yes"},
        check=False,
    )

    said = [row for row in (result.stdout + result.stderr).splitlines() if "***" not in row]
    assert result.returncode != 0
    assert len(said) == 1
    assert said[0].startswith("Hardwired needs Python 3.11, 3.12 or 3.13")
    assert not (tmp_path / "venv").exists()


def test_no_package_index_is_named(root):
    """Neither the locks nor the Makefile names where packages come from."""
    for name in ("requirements.lock", "requirements-test.lock", "Makefile", "pyproject.toml"):
        text = (root / name).read_text()
        assert "index-url" not in text.replace("--no-emit-index-url", "")
        assert "://" not in text.replace("http://localhost:8000", "")
