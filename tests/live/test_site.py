"""The copy of the book with Python in it is a copy: the book's build does not change it."""

from __future__ import annotations

import json
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


@pytest.mark.ring("all")
@pytest.mark.needs("book")
def test_pages_grow_by_less_than_three_kilobytes(copy: Path, html: Path) -> None:
    """And what has no code in it does not change, but for the way to the exercise."""
    grown = {}
    for path in html.rglob("*.html"):
        name = path.relative_to(html)
        grown[str(name)] = (copy / name).stat().st_size - path.stat().st_size

    assert max(grown.values()) < 400
    assert grown["back/glossary.html"] == 0
    assert not any(path.name == bundle.FOLDER for path in html.iterdir())


@pytest.mark.ring("all")
@pytest.mark.needs("book")
def test_the_same_sources_make_the_same_bundle(copy: Path, tmp_path: Path) -> None:
    """Names are digests, so equal names are equal bytes; a second make changes nothing."""
    first = copy / bundle.FOLDER
    again = bundle.make(tmp_path / "again")
    names = {str(p.relative_to(first)) for p in first.rglob("*") if p.is_file()}

    assert again == json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert names == {
        str(p.relative_to(tmp_path / "again"))
        for p in (tmp_path / "again").rglob("*")
        if p.is_file()
    }
    assert "licences.html" in names
    before = {p: p.stat().st_mtime_ns for p in first.rglob("*")}
    assert bundle.make(first) == again
    assert {p: p.stat().st_mtime_ns for p in first.rglob("*")} == before
