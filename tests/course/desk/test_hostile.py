"""Sixty hostile texts, names, files and figures: none runs, none leaves its box.

Every page is held against the same page of a course whose students are harmless: a tag or an
attribute more, and something has got out.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from hardwired.course import csvsafe, webpage
from hardwired.course.border.picture import picture
from hardwired.course.csvsafe import DANGER
from hardwired.course.desk import papers, safety
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import take
from tests.conftest import count
from tests.course.desk import hostile
from tests.course.desk.asked import Asker
from tests.course.desk.served import served

pytestmark = pytest.mark.ring("test")

ALL = [*hostile.WORDS, *hostile.FIGURES]
NAMES = [f"{n:02d}" for n in range(len(ALL))]
PAGES = (
    "/", "/roster", "/rules", "/x/tiny", "/x/tiny/release", "/x/tiny/class", "/x/tiny/seeing",
    "/x/tiny/settling", "/x/tiny/marking", "/x/tiny/marking/words/compare", "/x/tiny/trial",
    "/x/tiny/marking/fig/compare", "/x/tiny/back", "/x/tiny/seeing/answers?a=s000&b=s001",
    "/x/tiny/seeing/texts?answer=words&a=s000&b=s001",
)  # fmt: skip
LINKS = ("href", "src", "action", "formaction", "data-job", "data-here", "data-bank")
OWN = re.compile(r"(?:/(?!/)|\?|#|$)[^\s<>]*")


@dataclass
class Side:
    """One course, with its desk."""

    course: Course
    desk: Asker
    papers: dict[str, dict[str, str]]

    def pages_of(self, number: int) -> list[str]:
        """Give the pages on which one student's things stand."""
        me = hostile.student(number)
        marking = [f"/x/tiny/marking/{a}/{self.papers[a][me]}" for a in ("words", "fig")]
        return [
            f"/x/tiny/student?id={me}", f"/x/tiny/settling?student={me}",
            *(f"{page}{end}" for page in marking for end in ("", "?names=yes")),
        ]  # fmt: skip


def side(folder: Path, *, tame: bool) -> Side:
    """Make a course, and find each student's papers."""
    course = hostile.made(folder, tame=tame)
    exercise, piles = course.exercise("tiny"), {}
    with course.book() as book:
        for question, answer in papers.manual(exercise):
            found = papers.papers(question, answer, book.attempts("tiny"))
            piles[answer.name] = {p.student: p.token for p in found}
    return Side(course, Asker(course, folder / "state"), piles)


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Side:
    """Give the course in which everything is planted."""
    return side(tmp_path_factory.mktemp("wild"), tame=False)


@pytest.fixture(scope="module")
def tame(tmp_path_factory: pytest.TempPathFactory) -> Side:
    """Give its harmless twin."""
    return side(tmp_path_factory.mktemp("tame"), tame=True)


def feedback(at: Side) -> dict[str, bytes]:
    """Give the students' pages as they go out, by name in the zip."""
    answer = at.desk.post("/x/tiny/back/pages", ("all", "yes"))
    assert answer.code == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist()}


@pytest.fixture(scope="module")
def given(wild: Side) -> dict[str, bytes]:
    """Give what goes out of the hostile course."""
    return feedback(wild)


@pytest.fixture(scope="module")
def harmless(tame: Side) -> dict[str, bytes]:
    """Give what goes out of its twin."""
    return feedback(tame)


def bones(soup: BeautifulSoup) -> list[tuple[str, tuple[str, ...]]]:
    """Give the tags of a page in order, with the names of their attributes."""
    return [(tag.name, tuple(sorted(tag.attrs))) for tag in soup.find_all(True)]


def faults(page: str, *, links: re.Pattern[str] = OWN, script: bool = True) -> list[str]:
    """Give what of a page could run, load or lead somewhere that is not its own."""
    soup = BeautifulSoup(page, "html.parser")
    found = [f"<{t.name}>" for t in soup(["iframe", "object", "embed", "base", "frame", "applet"])]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            if name.startswith("on") or name in ("style", "srcdoc", "ping", "background"):
                found.append(f"{tag.name} {name}")
            if name in LINKS and not links.fullmatch(str(value)):
                found.append(f"{tag.name} {name}={value}")
    for tag in soup("script"):
        if not script or tag.get_text().strip() or "src" not in tag.attrs:
            found.append("a script of a page")
    hidden = re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", page
    )
    return [*found, *(["a hidden character"] if hidden else [])]


def shown(text: str) -> str:
    """Give a text as a page shows it: what is hidden is seen, and nothing is gone."""
    return webpage.HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def test_there_are_sixty_of_them() -> None:
    """Of each kind some, none twice."""
    assert len(ALL) == len(set(ALL)) == 60


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_class_has_the_bones_of_a_harmless_one(
    wild: Side, tame: Side, path: str
) -> None:
    """Whatever students are called and wrote, no tag and no attribute more or less."""
    mine, theirs = wild.desk.get(path), tame.desk.get(path)
    soup = BeautifulSoup(mine.text, "html.parser")

    assert mine.code == theirs.code == 200
    assert bones(soup) == bones(BeautifulSoup(theirs.text, "html.parser"))
    assert faults(mine.text) == []
    assert mine.headers["content-security-policy"] == safety.CSP


@pytest.mark.parametrize("number", range(len(ALL)), ids=NAMES)
def test_what_a_student_planted_is_text_in_its_box(wild: Side, tame: Side, number: int) -> None:
    """On each of their pages: the bones are a harmless student's, and the words stand whole."""
    for mine, theirs in zip(wild.pages_of(number), tame.pages_of(number), strict=True):
        page, twin = wild.desk.get(mine), tame.desk.get(theirs)
        assert page.code == twin.code == 200
        soup = BeautifulSoup(page.text, "html.parser")
        assert bones(soup) == bones(BeautifulSoup(twin.text, "html.parser"))
        assert faults(page.text) == []
    if number >= len(hostile.WORDS):
        return
    text = shown(hostile.WORDS[number])
    student, _, paper, named, drawn, _ = (
        BeautifulSoup(wild.desk.get(page).text, "html.parser") for page in wild.pages_of(number)
    )
    assert the(student, "blockquote") == the(paper, "#text") == the(drawn, "pre.code") == text
    assert the(student, "h1") == shown(f"{number:02d} {hostile.WORDS[number]}")
    assert text not in paper.get_text().replace(the(paper, "#text"), "").replace(
        "".join(tag.get_text() for tag in paper.select("#bank-list, #comment")), ""
    ) or len(text) < 8  # blind: a name stands nowhere  # fmt: skip
    assert text in named.get_text()


def the(soup: BeautifulSoup, where: str) -> str:
    """Give the text of the one element that a selector finds."""
    (tag,) = soup.select(where)
    return tag.get_text()


@pytest.mark.parametrize("number", range(len(ALL)), ids=NAMES)
def test_a_page_that_goes_out_holds_no_more_than_a_harmless_one(
    wild: Side, given: dict[str, bytes], harmless: dict[str, bytes], number: int
) -> None:
    """No script at all, no address but that of a picture in it, and the policy that says so."""
    title = shown(
        f"{number:02d} {ALL[number] if number < len(hostile.WORDS) else hostile.harmless(number)}"
    )
    (page,) = [p for p in map(bytes.decode, given.values()) if _title(p).endswith(f": {title}")]
    (twin,) = [
        p for p in map(bytes.decode, harmless.values())
        if _title(p).endswith(f": {number:02d} {hostile.harmless(number)}")
    ]  # fmt: skip
    soup = BeautifulSoup(page, "html.parser")

    if number < len(hostile.WORDS):
        assert bones(soup) == bones(BeautifulSoup(twin, "html.parser"))
        assert the(soup, "blockquote") == shown(ALL[number])
    data = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
    assert faults(page, links=data, script=False) == []
    assert len(soup("style")) == 1
    assert "default-src 'none'" in page


def _title(page: str) -> str:
    (tag,) = BeautifulSoup(page, "html.parser")("title")
    return str(tag.get_text())


@pytest.mark.parametrize("name", hostile.FIGURES)
def test_a_figure_is_pixels_or_one_sentence(wild: Side, given: dict[str, bytes], name: str) -> None:
    """At the desk it is drawn anew; what goes out has lost all that is no part of a picture."""
    number = ALL.index(name)
    me = hostile.student(number)
    answer = wild.desk.get(f"/x/tiny/figure?id={me}&question=q3&answer=fig")
    title = f"{number:02d} {hostile.harmless(number)}"
    (page,) = [p for p in map(bytes.decode, given.values()) if _title(p).endswith(f": {title}")]
    sent = re.findall(r'src="data:image/png;base64,([^"]+)"', page)

    if answer.code == 200:
        assert answer.headers["content-type"] == "image/png"
        assert Image.open(io.BytesIO(answer.body)).size == (3, 3)
        assert picture(answer.body, 3) == answer.body
        assert b"owned" not in answer.body
    else:
        assert answer.code == 409
        assert "the figure" in answer.said
    assert len(sent) == (answer.code == 200)
    for one in sent:
        data = base64.b64decode(one)
        assert picture(data, 3) == data
        assert b"owned" not in data


def test_names_in_what_goes_out_stay_where_they_are_unpacked(given: dict[str, bytes]) -> None:
    """No way up, no place of its own, nothing that a file system obeys, on any system."""
    folded = [name.casefold() for name in given]

    assert len(given) == len(ALL)
    assert len(set(folded)) == len(folded)
    for name in given:
        for path in (PurePosixPath(name), PureWindowsPath(name)):
            assert not path.is_absolute()
            assert not path.drive
            assert ".." not in path.parts
        assert not re.search('[\x00-\x1f\x7f<>:"|?*\\\\\u200f\u202a-\u202e\u2066-\u2069]', name), (
            name
        )
        assert all(len(part.encode()) <= 255 for part in PurePosixPath(name).parts)
        assert not any(PureWindowsPath(p).is_reserved() for p in PurePosixPath(name).parts)


def test_no_cell_of_a_table_is_a_formula(wild: Side) -> None:
    """In the plain table, in the marks, and in the sheet of the course."""
    tables = [wild.desk.post("/x/tiny/back/import", ("form", "csv")).body.decode()]
    wild.desk.post("/x/tiny/back/course")
    tables += [p.read_text(encoding="utf-8") for p in wild.course.marks.rglob("*.csv")]

    assert len(tables) >= 3
    for text in tables:
        rows = [cell for row in csvsafe.csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert not [cell for cell in rows if DANGER.match(cell) and not cell.startswith("'")]
        assert "\x00" not in text


def test_files_of_these_names_are_listed_as_text_and_kept_in_their_place(
    wild: Side, tmp_path: Path
) -> None:
    """In a zip of the course system, and one by one."""
    sink, outside = io.BytesIO(), {p.name for p in tmp_path.parent.iterdir()}
    with zipfile.ZipFile(sink, "w") as archive:
        for n, name in enumerate(hostile.WORDS):
            archive.writestr(f"s{n:03d}/{name}"[:60_000], "{}")
    sink.seek(0)
    take(wild.course, "tiny", [("../../all.zip", sink)])
    take(wild.course, "tiny", [(name, io.BytesIO(b"{}")) for name in hostile.WORDS])
    page = wild.desk.get("/x/tiny/files")
    tags = {name for name, _ in bones(BeautifulSoup(page.text, "html.parser"))}

    assert page.code == 200
    assert faults(page.text) == []
    assert not tags & {"img", "svg", "style", "plaintext", "b", "base"}
    assert {p.name for p in tmp_path.parent.iterdir()} == outside
    kept = wild.course.handed_in.resolve()
    assert all(p.resolve().is_relative_to(kept) for p in kept.rglob("*"))
    assert not any(p.is_symlink() for p in kept.rglob("*"))


@pytest.mark.ring("all")
@pytest.mark.needs("browser")
@pytest.mark.sampled
def test_none_runs_in_a_browser_and_none_makes_a_page_wider(
    wild: Side, given: dict[str, bytes], tmp_path: Path, browser: Any
) -> None:
    """No script ran, nobody else was asked, no dialog came, at the width of a phone."""
    chosen = list(range(len(ALL)))[:: 1 if count(60, 10) == 60 else 6]
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page, wrong, asked = context.new_page(), [], set()
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("console", lambda said: wrong.append(said.text) if "Security" in said.text else None)
    with served(wild.course.folder, wild.course.default_exercises, enter=False) as desk:
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        own = desk.base.removeprefix("http://")
        for path in (*PAGES, *(one for n in chosen for one in wild.pages_of(n)[::3])):
            page.goto(desk.base + path)
            wrong += [f"{path} {said}" for said in seen(page)]
    assert wrong == []
    assert asked == {own}
    for n, (name, data) in enumerate(given.items()):
        if n in chosen:
            (tmp_path / f"{n}.html").write_bytes(data)
            page.goto((tmp_path / f"{n}.html").as_uri())
            wrong += [f"{quote(name)} {said}" for said in seen(page)]
    context.close()

    assert wrong == []
    assert asked <= {own, ""}


def seen(page: Any) -> Iterator[str]:
    """Give what a browser made of a page that it should not have."""
    if page.evaluate("window.owned !== undefined"):
        yield "ran"
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 320:
        yield f"is {wide} pixels wide"
