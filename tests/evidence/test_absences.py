"""Sentences of absence, uniqueness and priority: proposed, answered for, or waiting."""

import datetime

import pytest

from hardwired.evidence.absences import absences, open_absences
from hardwired.evidence.checks import check, survey
from hardwired.evidence.checks.searches import old_searches
from hardwired.evidence.sources import read_evidence
from tests.conftest import ROOT
from tests.evidence.conftest import DATA
from tests.evidence.test_check import run

PROPOSED = [
    "Nobody has tried it.",
    "No one has pooled these trials.",
    "No trial has shown less virus.",
    "We know of no study of how long this lasts.",
    "It is the only trial of hypnosis.",
    "The one randomised trial is small.",
    "This has not been tested in people.",
    "Whether it happens in people is unknown.",
    "That link has never been repeated.",
    "The largest trial of relaxation had 277 adults.",
    "The newest synthesis has 34 studies.",
    "It was the first to show the road.",
    "They showed for the first time that nerves end there.",
    "We found none with an immune outcome.",
    "Not followed here",
    "So far as we found, it stands alone.",
    "There is no randomised comparison.",
    "The question remains open.",
    "The mechanism is not known.",
    "Only one trial counted sores.",
    "It is unique among the syntheses.",
    "The messenger is not yet known.",
]
LEFT = [
    "The trial had 26 people in it.",
    "Wounds of carers healed nine days later.",
    "The first of these hormones is cortisol.",
    "Stress was associated with slower healing.",
    "Half of them were given a placebo.",
    "The interval runs from 0.8 to 18 days.",
]


def said_of(repository, *sentences):
    """Return what is proposed of a page with these sentences, one a line."""
    text = "# A\n\n" + "\n".join(sentences) + "\n"
    repository.write("book/chapters/01-hardwired.md", text)
    return list(absences(repository.root))


@pytest.mark.parametrize("sentence", PROPOSED)
def test_a_sentence_of_absence_uniqueness_or_priority_is_proposed(repository, sentence):
    """With its file and line, in chapters."""
    found = said_of(repository, "Plain.", sentence)

    assert [(a.file, a.line) for a in found] == [("book/chapters/01-hardwired.md", 4)]


@pytest.mark.parametrize("sentence", LEFT)
def test_other_sentences_are_left_in_peace(repository, sentence):
    """A result is no absence."""
    assert said_of(repository, sentence) == []


def test_sentences_of_one_line_are_told_apart(repository):
    """A search answers for its own sentence only."""
    both = "Nobody has tried it.{searched}`c1-carers` No trial has shown it. Plain."
    found = said_of(repository, both)

    assert [(a.sentence[:6], a.answered) for a in found] == [("Nobody", True), ("No tri", False)]


def test_code_and_options_are_not_read_and_captions_are(repository):
    """What a reader sees is held to the rule."""
    text = [
        "```{code-cell} ipython3",
        "---",
        "mystnb:",
        "  figure:",
        "    caption: Nobody has drawn this.",
        "---",
        "x = 'nobody has tried'",
        "```",
        ":::{claim} C1",
        ":name: the-only-trial-of",
        ":::",
        "```{figure} x.svg",
        "No trial has shown it.",
        "```",
    ]
    assert [a.line for a in said_of(repository, *text)] == [7, 15]


def test_exercises_are_read_too(repository):
    """Notebooks and quizzes say such things as well."""
    repository.write("exercises/05-wounds/quiz.yml", "- why: Nobody has shown it.\n")
    repository.write("exercises/05-wounds/exercise.md", "It has not been tested.\n")

    assert [a.file.rpartition("/")[2] for a in absences(repository.root)] == [
        "exercise.md",
        "quiz.yml",
    ]


def test_an_exemption_answers_for_its_sentence_and_must_fit_one(repository):
    """The check counts what waits, passes, and refuses an exemption that fits no sentence."""
    said_of(repository, "Nobody should stop a medicine.", "Nobody has tried it.")
    page = "book/chapters/01-hardwired.md"
    row = f"ch01-advice,{page},Nobody should stop,Advice; it claims no search.\n"
    repository.write(DATA / "absences.csv", "id,file,words,reason\n" + row)
    evidence, _ = read_evidence(repository.root)
    waiting, idle = open_absences(repository.root, evidence.exemptions)

    assert [absence.line for absence in waiting] == [4]
    assert idle == []
    assert check(repository.root) == []

    repository.change(page, "Nobody should stop a medicine.", "Do not stop a medicine.")
    assert [str(problem) for problem in check(repository.root)] == [
        f"{(DATA / 'absences.csv').as_posix()}:2: ch01-advice: no proposed sentence of {page} "
        "holds 'Nobody should stop'; remove the row, or correct its words."
    ]


def test_waiting_sentences_are_counted_and_listed_and_do_not_fail(repository, capsys):
    """Exit code 0; the list names file, line and the words that gave it away."""
    said_of(repository, "Nobody has tried it.")

    assert run("--root", repository.root) == 0
    assert "1 sentence claims an absence and names no search" in capsys.readouterr().err
    assert run("--root", repository.root, "--absences") == 0
    assert capsys.readouterr().out.startswith(
        "book/chapters/01-hardwired.md:3: 'nobody': Nobody has tried it.; name its search"
    )


def test_no_sentence_of_the_book_waits():
    """Each names its search or is exempt with a reason."""
    evidence, _ = read_evidence(ROOT)
    waiting, _ = open_absences(ROOT, evidence.exemptions)

    assert [f"{a.file}:{a.line}: {a.sentence}" for a in waiting] == []


@pytest.mark.parametrize(
    ("today", "old"), [("2027-11-30", []), ("2027-12-05", ["c1-carers"]), ("2026-12-01", [])]
)
def test_a_search_grows_old_after_twelve_months(repository, today, old):
    """A year after the day on which it was asked, counted to the last commit."""
    evidence, _ = read_evidence(repository.root)
    found = old_searches(evidence, datetime.date.fromisoformat(today))

    assert [problem.what.partition(":")[0] for problem in found] == old


def test_without_a_commit_nothing_is_old(repository):
    """There is no day to count to."""
    assert survey(repository.root).old_searches == []
