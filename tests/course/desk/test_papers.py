"""What is marked at the desk: blind, in an order of one's own, begun or marked; and agreement."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course import entries, marking
from hardwired.course.authoring.exercise import Criterion
from hardwired.course.desk import agreeing, bank, entering, papers
from hardwired.course.desk.papers import Paper, Work
from hardwired.course.entries import Manual
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from hardwired.course.merging import merge
from hardwired.course.policy import Policy
from hardwired.course.standing import standings
from tests.course import tiny
from tests.course.entered import enter

TINY = tiny.exercise()
QUESTION, ANSWER = papers.find(TINY, "words")


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    """Give a gradebook of six students."""
    made = Gradebook(tmp_path / "gradebook.sqlite")
    for n in range(6):
        made.add(classes.graded(TINY, n))
    made.count(
        "tiny", {a.student: (a.file_digest, "k") for a in made.attempts("tiny", counting=False)}
    )
    return made


def pile(book: Gradebook) -> list[Paper]:
    """Give the papers of the gradebook."""
    return papers.papers(QUESTION, ANSWER, book.attempts("tiny"))


def works(book: Gradebook) -> dict:
    """Give what everybody has given."""
    given, live = entries.criteria(book, "tiny"), entries.live(book, "tiny")
    return dict(papers.works(ANSWER, given, live))


def test_a_token_says_nothing_of_the_student(book: Gradebook) -> None:
    """A token says nothing of the student."""
    for paper in pile(book):
        assert paper.student not in paper.token
        assert paper.file_digest[:8] not in paper.token


def test_the_order_is_each_markers_own_and_always_the_same(book: Gradebook) -> None:
    """The order is each markers own and always the same."""
    given = pile(book)
    ann = papers.shuffled(given, "Ann Lee")

    assert papers.shuffled(given[::-1], " ann  lee") == ann
    assert papers.shuffled(given, "Bo") != ann
    assert ann != given
    assert sorted(p.token for p in ann) == sorted(p.token for p in given)


def test_a_late_paper_moves_no_other(book: Gradebook) -> None:
    """A late paper moves no other."""
    before = [p.token for p in papers.shuffled(pile(book), "Ann")]
    late = classes.graded(TINY, 99)
    book.add(late)
    book.count("tiny", {late.student: (late.file_digest, "k")})
    after = [p.token for p in papers.shuffled(pile(book), "Ann")]

    assert [token for token in after if token in before] == before
    assert len(after) == 7


def test_named_levels_are_worth_what_a_sheet_says() -> None:
    """Named levels are worth what a sheet says."""
    one = Criterion("Says why", 1.5, ("absent", "named", "explained"))

    assert [(v.key, v.points, v.name) for v in papers.levels(one)] == [
        ("0", 0.0, "absent"),
        ("1", 0.75, "named"),
        ("2", 1.5, "explained"),
    ]
    assert {v.name: v.points for v in papers.levels(one)} == marking.level_points(one)


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        (1, [0, 0.5, 1]),
        (0.5, [0, 0.5]),
        (4.5, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]),
        (6, [0, 1, 2, 3, 4, 5, 6]),
        (0.75, [0, 0.5, 0.75]),
        (0.25, [0, 0.25]),
        (12, [0, 2, 4, 6, 8, 10, 12]),
    ],
)
def test_without_names_they_are_half_points_as_far_as_keys_go(
    points: float, wanted: list[float]
) -> None:
    """Without names they are half points as far as keys go."""
    assert [v.points for v in papers.levels(Criterion("c", points))] == wanted


def test_an_answer_without_every_criterion_is_begun_never_a_mark(book: Gradebook) -> None:
    """An answer without every criterion is begun never a mark."""
    paper = pile(book)[0]
    entering.give(book, "tiny", ANSWER, paper, 0, 3.0, who="Ann")
    begun = works(book)[paper.key, "Ann"]
    (row,) = [s for s in standings(TINY, book, None, Policy()) if s.student == paper.student]

    assert begun.state(2) == "begun"
    assert row.question("q2") is None

    entering.give(book, "tiny", ANSWER, paper, 1, 0.5, who="Ann")
    marked = works(book)[paper.key, "Ann"]
    (row,) = [s for s in standings(TINY, book, None, Policy()) if s.student == paper.student]

    assert (marked.state(2), marked.total) == ("marked", 3.5)
    assert row.question("q2") == 3.5


def test_points_beyond_the_criterion_are_refused(book: Gradebook) -> None:
    """Points beyond the criterion are refused."""
    paper = pile(book)[0]

    for number, points in ((0, 3.5), (0, -1), (0, float("nan")), (2, 1.0), (-1, 1.0)):
        with pytest.raises(CourseError):
            entering.give(book, "tiny", ANSWER, paper, number, points, who="Ann")
    assert entries.history(book, "tiny") == []


def test_undo_goes_back_step_by_step_and_leaves_sheets_and_others_alone(book: Gradebook) -> None:
    """Undo goes back step by step and leaves sheets and others alone."""
    paper = pile(book)[0]
    enter(book, "tiny", [Manual(paper.student, "words", 0, "Ann", 1, "", paper.file_digest)])
    entering.give(book, "tiny", ANSWER, paper, 0, 2.0, who="Ann")
    entering.comment(book, "tiny", ANSWER, paper, "Good.", who="Ann")
    entering.look(book, "tiny", ANSWER, paper, True, who="Ann")
    entering.give(book, "tiny", ANSWER, paper, 1, 1.0, who="Bo")
    full = works(book)[paper.key, "Ann"]

    assert full == Work({0: 2.0}, "Good.", look=True)

    seen = []
    while entering.undo_last(book, "tiny", ANSWER, who="Ann"):
        seen.append(works(book)[paper.key, "Ann"])
    assert seen == [Work({0: 2.0}, "Good."), Work({0: 2.0}), Work({0: 1.0})]
    assert works(book)[paper.key, "Bo"] == Work({1: 1.0})


def test_a_sheet_written_afterwards_holds_it_and_brings_nothing_new(
    book: Gradebook, tmp_path: Path
) -> None:
    """A sheet written afterwards holds it and brings nothing new."""
    paper = pile(book)[0]
    for number, points in enumerate((3.0, 0.5)):
        entering.give(book, "tiny", ANSWER, paper, number, points, who="Ann")
    entering.comment(book, "tiny", ANSWER, paper, "Good.", who="Ann")
    (sheet,) = marking.write_sheets(TINY, book, tmp_path / "marking")
    done = merge(TINY, book, sheet, "Ann")

    assert (done.points, done.changed, done.acts) == (2, 0, ())


def test_a_flag_changes_no_mark(book: Gradebook) -> None:
    """A flag changes no mark."""
    before = standings(TINY, book, None, Policy())
    entering.look(book, "tiny", ANSWER, pile(book)[0], True, who="Ann")

    assert standings(TINY, book, None, Policy()) == before


def test_the_next_is_the_first_after_that_is_not_marked(book: Gradebook) -> None:
    """The next is the first after that is not marked."""
    order = papers.shuffled(pile(book), "Ann")
    tokens = [p.token for p in order]
    done = {tokens[0]: "marked", tokens[2]: "marked", tokens[5]: "marked", tokens[3]: "begun"}

    def after(token: str) -> str:
        paper = papers.next_open(order, done, token)
        return paper.token if paper else ""

    assert [after(t) for t in tokens] == [tokens[i] for i in (1, 3, 3, 4, 1, 1)]
    assert after("") == tokens[1]
    assert papers.next_open(order, dict.fromkeys(tokens, "marked"), tokens[0]) is None


def test_kappa_of_two_doctors_and_fifty_grants() -> None:
    """Kappa of two doctors and fifty grants."""
    # Fifty proposals: 20 both yes, 15 both no, 5 and 10 apart: 0.7 seen, 0.5 by chance.
    pairs = [(1.0, 1.0)] * 20 + [(1.0, 0.0)] * 5 + [(0.0, 1.0)] * 10 + [(0.0, 0.0)] * 15

    assert agreeing.kappa(pairs) == pytest.approx(0.4)


def test_kappa_of_the_table_of_cohen_1968() -> None:
    """Kappa of the table of cohen 1968."""
    # Cohen (1968), Table 1: 200 cases, proportions as printed; he reports kappa 0.492.
    table = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
    pairs = [
        (float(i), float(j))
        for i, row in enumerate(table)
        for j, n in enumerate(row)
        for _ in range(n)
    ]

    assert agreeing.kappa(pairs) == pytest.approx(0.492, abs=5e-4)
    # By hand, linear: seen (24 + 20 + 16 + 4) / 200, expected 0.55 + 2 * 0.17.
    seen = (14 + 10 + 10 + 6 + 2 * (18 + 2)) / 200
    expected = 0.6 * 0.3 + 0.3 * 0.5 + 0.3 * 0.2 + 0.1 * 0.3 + 2 * (0.6 * 0.2 + 0.1 * 0.5)
    assert agreeing.kappa(pairs, 1) == pytest.approx(1 - seen / expected)


def test_quadratic_kappa_is_what_the_sheets_print(book: Gradebook) -> None:
    """Quadratic kappa is what the sheets print."""
    for n, paper in enumerate(pile(book)):
        for who, points in (("Ann", n % 4), ("Bo", (n * 2) % 4)):
            entering.give(book, "tiny", ANSWER, paper, 0, float(points), who=who)
    printed = marking.agreement(entries.criteria(book, "tiny"))[0].kappa
    _, agreed = agreeing.compared(ANSWER, pile(book), works(book), ("Ann", "Bo"))

    assert agreed[0].weighted == pytest.approx(printed)
    assert agreed[0].papers == 6


def test_without_papers_or_spread_there_is_none() -> None:
    """Without papers or spread there is none."""
    assert agreeing.kappa([]) is None
    assert agreeing.kappa([(1.0, 1.0)] * 3) is None


def test_the_furthest_apart_come_first(book: Gradebook) -> None:
    """The furthest apart come first."""
    first, second, third, *_ = pile(book)
    for paper, ann, bo in ((first, 1.0, 1.5), (second, 3.0, 0.0), (third, 2.0, 2.0)):
        entering.give(book, "tiny", ANSWER, paper, 0, ann, who="Ann")
        entering.give(book, "tiny", ANSWER, paper, 0, bo, who="Bo")

    assert agreeing.pairs_of_markers(works(book)) == [("Ann", "Bo")]
    both, _ = agreeing.compared(ANSWER, pile(book), works(book), ("Ann", "Bo"))
    assert [(b.paper, b.difference) for b in both] == [
        (second, 3.0),
        (first, 0.5),
        (third, 0.0),
    ]


def test_comments_are_kept_changed_and_taken_out(tmp_path: Path) -> None:
    """Comments are kept changed and taken out."""
    bank.add(tmp_path, "tiny", "words", " Say what it leaves out. ")
    bank.add(tmp_path, "tiny", "words", "Write \u201csentences\u201d.")
    bank.add(tmp_path, "tiny", "words", "Say what it leaves out.")
    bank.change(tmp_path, "tiny", "words", "Say what it leaves out.", "Say more.")

    assert bank.comments(tmp_path, "tiny", "words") == [
        "Say more.",
        "Write \u201csentences\u201d.",
    ]
    assert bank.remove(tmp_path, "tiny", "words", "Say more.") == ["Write \u201csentences\u201d."]
    assert bank.comments(tmp_path, "other", "words") == []


def test_a_file_that_is_none_is_left_as_it_is(tmp_path: Path) -> None:
    """A file that is none is left as it is."""
    for text in ('{"a": ', "[1]", '{"tiny/words": [1]}'):
        (tmp_path / bank.FILE).write_text(text, encoding="utf-8")
        with pytest.raises(CourseError):
            bank.add(tmp_path, "tiny", "words", "Good.")
        assert (tmp_path / bank.FILE).read_text(encoding="utf-8") == text
