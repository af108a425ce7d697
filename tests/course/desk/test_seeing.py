"""Seeing the class: counts, clusters and texts alike, against what was put in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.cohort import classes
from hypothesis import given
from hypothesis import strategies as st

from hardwired.course import alike, settle
from hardwired.course.class_page import class_page, equal_answers
from hardwired.course.desk import seeing
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.partial import WAITS
from hardwired.course.policy import Policy
from hardwired.course.standing import Line, Standing, standings
from tests.course import tiny

TINY = tiny.exercise()


def handed(who: str, total: object, points: float, rule: str | None = None) -> Attempt:
    """Give a submission whose product is right, and whose sum is as given."""
    kind = "missing" if total is None else "float"
    reason = {"sign": "the sign is the wrong way round"}.get(rule or "", "total is not right.")
    if total is None:
        reason = f"there is no total: cell [{len(who)}] stopped: NameError"
    marks = (
        MarkRow("q1", "total", points, 3, rule, reason, json.dumps({"t": kind, "v": total})),
        MarkRow("q1", "product", 3, 3, None, "right", '{"t": "int", "v": 8}'),
    )
    place = (f"{who}.ipynb", who * 9, "k", "graded", "")
    return Attempt("tiny", who, who.title(), *place, marks=marks)


@pytest.fixture
def rows(tmp_path: Path) -> list[Standing]:
    """Give seven students: all right, the same wrong value twice, a slip twice, and others."""
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        made = [
            handed("ann", 1.5, 3),
            handed("bo", 20.12341, 0),
            handed("cy", 20.12339, 0),
            handed("dee", -1.5, 1.5, "sign"),
            handed("ed", -2.5, 1.5, "sign"),
            handed("fay", 7.0, 0),
            handed("gus", None, 0, WAITS),
        ]
        for a in made:
            book.add(a)
        book.count("tiny", {a.student: (a.file_digest, "k") for a in made})
        settle.excuse(book, TINY, "fay", who="Ann", why="ill")
        return standings(TINY, book, None, Policy())


def test_the_distribution_counts_everybody_once_and_the_waiting_apart(
    rows: list[Standing],
) -> None:
    """Everybody is counted once; who waits stands apart; who is excused is left out."""
    bins = seeing.distribution(rows)

    assert [(b.low, b.final, b.waiting) for b in bins if b.final or b.waiting] == [
        (30, 2, 1),  # 3 of 10 points: bo and cy; gus waits
        (40, 2, 0),  # 4.5: dee and ed
        (60, 1, 0),  # 6: ann
    ]
    assert seeing.quartiles(rows) == (3.0, 4.5, 4.5)


def test_a_question_is_counted_by_all_some_none_and_waiting(rows: list[Standing]) -> None:
    """A question is counted by all, some and none of its points, and who waits."""
    first, second = seeing.items(TINY, rows)

    assert (first.full, first.part, first.none, first.waits) == (1, 5, 0, 1)
    assert first.mean == pytest.approx((6 + 3 + 3 + 4.5 + 4.5 + 3) / 36)
    assert (second.none, second.waits) == (7, 0)
    assert second.discrimination is None


def test_wrong_answers_cluster_by_slip_and_by_value(rows: list[Standing]) -> None:
    """Wrong answers cluster by named slip and by value; what waits or is excused is no error."""
    ((question, answer, clusters, alone),) = seeing.wrong(TINY, rows)

    assert (question, answer.name, alone) == ("q1", "total", 1)
    assert [(c.kind, c.what, [s.student for s in c.students]) for c in clusters] == [
        ("value", "20.12", ["bo", "cy"]),
        ("slip", "sign: the sign is the wrong way round", ["dee", "ed"]),
    ]


def test_two_of_a_kind_are_found_in_a_class_and_chance_is_not() -> None:
    """Of sixty texts the three that share passages are one group, and no other is found."""
    texts = {f"s{n}": classes.said(n, 150) for n in range(60)}
    words = texts["s7"].split()
    texts["s20"] = " ".join([*classes.said(100, 60).split(), *words[:80]])
    texts["s41"] = " ".join([*words[:70], *classes.said(101, 60).split()])
    (group,) = alike.groups(texts)

    assert group.keys == ("s20", "s41", "s7")
    assert all(pair.share > 0.3 for pair in group.pairs)


@pytest.mark.parametrize(("ring", "size"), [(5, 40), (8, 40), (5, 9), (2, 4)])
def test_a_ring_is_found_whole(ring: int, size: int) -> None:
    """A handful of a class who share a passage are one group, and nobody else is in it."""
    texts = {f"s{n:02}": classes.said(n, 100) for n in range(size)}
    for n in range(ring):
        texts[f"s{n:02}"] += f" {classes.said(700, 80)}"
    (group,) = alike.groups(texts)

    assert group.keys == tuple(f"s{n:02}" for n in range(ring))


def stands(
    student: str, first: float, second: float, whole: float | None = None, out: bool = False
) -> Standing:
    """Give who has so many points for two questions; with ``out`` one answer does not count."""
    lines = (
        Line("q1", "total", first, 3, ""),
        Line("q1", "product", 0.0, 3, "", excused=out),
        Line("q2", "words", second, 4, ""),
    )
    return Standing(student, student, "graded", "", None, lines, 10, 0, 1.0, whole)


def test_a_question_is_held_against_the_points_of_the_others_alone() -> None:
    """A mark for the whole, and an answer that does not count, change no discrimination."""
    first, second = [0.0, 1.0, 2.0, 3.0, 3.0], [1.0, 0.0, 2.0, 2.0, 4.0]
    rows = [
        stands("ann", first[0], second[0], whole=10),
        stands("bo", first[1], second[1], out=True),
        *(stands(f"s{n}", first[n], second[n]) for n in (2, 3, 4)),
    ]
    # Of products 5.8 and of squares 6.8 and 8.8, about the means, by hand.
    wanted = 5.8 / (6.8 * 8.8) ** 0.5

    assert [i.discrimination for i in seeing.items(TINY, rows)] == pytest.approx([wanted] * 2)
    assert class_page(TINY, rows).count(f'<td class="n">{wanted:.2f}</td>') == 2


def test_equal_answers_are_a_hint_only_where_data_differ() -> None:
    """Where all have the same data the right answers are equal, and nobody is named for it."""
    marks = tuple(
        MarkRow("q1", name, 3, 3, None, "right", json.dumps({"t": "float", "v": value}))
        for name, value in (("a", 1.23456), ("b", 2.34567), ("c", 3.45678))
    )
    rows = [
        Standing(
            who, who, "graded", "",
            Attempt("tiny", who, who, f"{who}.ipynb", who, "k", "graded", "", marks=marks),
            (), 10, 0, 1.0,
        )
        for who in ("ann", "bo")
    ]  # fmt: skip
    alone = replace(TINY, cells=tuple(c for c in TINY.cells if c.role != "draw"))

    assert equal_answers(TINY, rows) == [(("ann", "bo"), 3)]
    assert equal_answers(alone, rows) == []
    assert "ann and bo: 3 equal answers" in class_page(TINY, rows)
    assert "equal answers" not in class_page(alone, rows)


def test_the_question_and_what_many_say_are_no_sign() -> None:
    """Runs of words from the question, or that more than a quarter use, do not count."""
    prompt = classes.said(500, 60)
    speech = classes.said(501, 60)
    texts = {f"s{n}": f"{classes.said(n, 60)} {prompt} {speech}" for n in range(30)}

    assert alike.groups(texts, prompt) == []


@given(st.text(alphabet="ab .", max_size=120), st.text(alphabet="ab .", max_size=120))
def test_a_text_that_is_cut_is_still_the_text(text: str, other: str) -> None:
    """The parts of a text, put together, are the text; equal texts are marked whole."""
    parts = alike.shared(text, other)

    assert "".join(part for part, _ in parts) == text
    if len(text.split()) and len(alike.WORD.findall(text)) >= alike.RUN:
        whole = alike.shared(text, text)
        marked = "".join(part for part, same in whole if same)
        assert marked == text.strip(" .")
