"""The guide tells the week with pictures of the desk as it is."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.course.desk import pictures

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("browser")]

SAYS = Path(__file__).parent / "pictures.json"
GUIDE = pictures.ROOT / "book" / "front" / "instructors.md"
RENEW = bool(os.environ.get("HARDWIRED_RENEW"))


def test_the_pictures_of_the_guide_show_the_desk_as_it_is(tmp_path: Path, browser: Any) -> None:
    """Letters differ from machine to machine; headings, labels and buttons of a page do not."""
    drawn = pictures.drawn(browser, tmp_path / "course")
    if RENEW:
        pictures.FOLDER.mkdir(exist_ok=True)
        for one in drawn:
            (pictures.FOLDER / f"{one.name}.png").write_bytes(one.png)
        says = {one.name: one.says for one in drawn}
        SAYS.write_text(json.dumps(says, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    kept = json.loads(SAYS.read_text(encoding="utf-8"))
    guide = GUIDE.read_text(encoding="utf-8")

    assert {one.name: one.says for one in drawn} == kept, "draw them anew (see pictures.py)"
    assert sorted(re.findall(r"^```\{figure\} desk/(\w+)\.png$", guide, re.M)) == sorted(kept)
    for one in drawn:
        committed = (pictures.FOLDER / f"{one.name}.png").read_bytes()
        for png in (committed, one.png):
            with Image.open(io.BytesIO(png)) as image:
                assert image.size == pictures.SIZE
                assert len(image.getcolors() or ()) > 8  # something is drawn
        assert len(committed) < 60_000
