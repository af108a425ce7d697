"""The copy of the book with Python in it is a copy: the book's build does not change it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from hardwired.live import bundle, site


def test_what_the_build_writes_anew_does_not_change_in_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is made again; links of an older copy are undone."""

    def manifest(out: Path) -> dict[str, Any]:
        return {"web": "web"}

    monkeypatch.setattr(bundle, "make", manifest)
    html, out = tmp_path / "html", tmp_path / "out"
    (html / "_static").mkdir(parents=True)
    (html / "index.html").write_text("<body></body>", encoding="utf-8")
    file, copied = html / "_static/search.js", out / "_static/search.js"
    file.write_text("one", encoding="utf-8")
    copied.parent.mkdir(parents=True)
    os.link(file, copied)
    site.make(html, out)
    file.write_text("two", encoding="utf-8")
    before = copied.read_text(encoding="utf-8")
    site.make(html, out)

    assert before == "one"
    assert copied.read_text(encoding="utf-8") == "two"
    assert not copied.samefile(file)
