"""The net under the typesetter: what is lost is named, and another layout is tried for it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from hardwired.press.binding.compile import TypesettingError, typeset
from hardwired.press.binding.gatherings import read as plan_of
from hardwired.press.binding.net import Lost, beside, lost, missing, read
from hardwired.press.binding.tagged_text import Tagged
from hardwired.press.binding.tagged_text import read as read_pdf
from hardwired.press.promise import Block, Promise, signs
from tests.press.conftest import Build

CHAPTER = "gathering-01-chapters-01-words.typ"
HEAD = (
    '#import "/template.typ": *\n#show: book.with(title: "T")\n#chapter(1, "", "t", title: [T])\n'
)


def typeset_without(sink: Build, tmp_path: Path, text: str) -> list[Lost]:
    """Typeset the test book's first chapter without the first place of a text; ask the net."""
    page = sink.out / "chapters" / "01-words.typ"
    whole = page.read_text(encoding="utf-8")
    assert text in whole
    page.write_text(whole.replace(text, "[]" if text.startswith("[") else "", 1), encoding="utf-8")
    try:
        output = tmp_path / "chapter.pdf"
        plan = plan_of(sink.out)
        asked = next(it for it in plan.gatherings if it.main == CHAPTER).asks
        places = {label: (9, 9, "1") for label in asked}
        inputs = {"places": json.dumps(places), "absent": json.dumps(plan.absent)}
        typeset(sink.out / CHAPTER, output, date=0, inputs=inputs, checked=False)
    finally:
        page.write_text(whole, encoding="utf-8")
    return lost(output.read_bytes(), read(beside(sink.out / CHAPTER)))


PLANTED = {
    "a sentence": "It has several sentences",
    "half a line of a paragraph": "so that the line breaks and hangs ",
    "a cell among its twins": "The time until a small wound had closed, seen in photographs",
    "a short cell": "[48\\.7]",
    "a caption": "The left one is solid, the right one dashed.",
    "a listing": "# no weights",
    "an answer's question": "What is measured?",
    "a footnote": "The note with ",
    "the words of a formula": "negative 0.42",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_loss_is_named_with_its_line(sink: Build, tmp_path: Path, name: str) -> None:
    """Whatever kind of text is missing, and if its twin stands beside it."""
    found = typeset_without(sink, tmp_path, PLANTED[name])

    assert len(found) >= 1
    assert all("01-words.md:" in it.place for it in found)


@pytest.mark.parametrize("paper", ["", "-letter", "-book", "-screen"])
def test_every_text_of_the_test_book_is_on_paper(sink: Build, paper: str) -> None:
    """The bound book holds what all its gatherings promise, on each paper."""
    promise = Promise()
    for path in sorted(sink.out.glob("gathering-*.typ")):
        promise += read(beside(path))
    pdf = sink.pdf.with_name(f"hardwired{paper}.pdf").read_bytes()

    assert len(promise.blocks) > 150
    assert len(promise.said) == 10
    assert lost(pdf, promise) == []


def test_any_line_that_is_cut_out_is_missed(sink: Build) -> None:
    """Forty signs, about two thirds of a line, cut wherever the sources have promised text."""
    promise = read(beside(sink.out / CHAPTER))
    told = read_pdf(sink.pdf.read_bytes())
    text, draw = signs(told.text), random.Random(1)
    start, stop = text.index("hefirstparagraph"), text.index("whatismeasured")
    cuts = [draw.randrange(start, stop - 40) for _ in range(200)]
    missed = [
        cut for cut in cuts if missing(replace(told, text=text[:cut] + text[cut + 40 :]), promise)
    ]

    assert missing(told, promise) == []
    assert len(missed) >= 196  # four may fall on what print itself has added


def test_a_text_counts_once() -> None:
    """Two cells that say the same want two places."""
    block = Block("a.md:1", ("thesametextintwocells",))
    promise = Promise((block, replace(block, place="a.md:2")))
    once = Tagged("The same text in two cells.", ())

    assert [it.place for it in missing(once, promise)] == ["a.md:2"]
    assert missing(Tagged(once.text * 2, ()), promise) == []


LAYOUTS = (
    HEAD
    + """#fig(rect(width: 9mm), key: "one", number: "1")[One.]
#fig(rect(width: 9mm), key: "two", number: "2")[Two.]
#if STILL [A sentence that some layouts lose.]
#even-end()
"""
)


@pytest.mark.parametrize(
    ("kept", "found"), [('still == ("two",)', True), ("still == ((),)", False)]
)
def test_a_layout_that_loses_a_text_is_laid_out_again(
    sink: Build, tmp_path: Path, kept: str, found: bool
) -> None:
    """One figure after the other is kept from floating; if none helps, nothing is put in place."""
    main = sink.out / "losing.typ"
    main.write_text(LAYOUTS.replace("STILL", kept), encoding="utf-8")
    promise = Promise((Block("page.md:7", ("asentencethatsomelayoutslose",)),))
    output = tmp_path / "page.pdf"
    if found:
        typeset(main, output, date=0, checked=False, promise=promise)

        assert lost(output.read_bytes(), promise) == []
    else:
        with pytest.raises(TypesettingError, match="lost a text, 'asentence") as refused:
            typeset(main, output, date=0, checked=False, promise=promise)

        assert refused.value.source == "page.md:7"
        assert not output.exists()


def test_a_label_that_is_lost_is_a_fault_of_the_layout(sink: Build, tmp_path: Path) -> None:
    """A place that others ask for is looked for on other layouts too, before it is given up."""
    main = sink.out / "losing.typ"
    source = LAYOUTS.replace("[A sentence that some layouts lose.]", '[#anchor("asked")]')
    main.write_text(source.replace("STILL", 'still == ("one",)'), encoding="utf-8")

    done = typeset(main, tmp_path / "p.pdf", date=0, checked=False, inputs={"tells": '["asked"]'})

    assert [place.name for place in done.places] == ["asked"]
    with pytest.raises(TypesettingError, match="label 'nowhere' is not on paper"):
        typeset(main, tmp_path / "p.pdf", date=0, checked=False, inputs={"tells": '["nowhere"]'})
