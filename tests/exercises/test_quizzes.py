"""What the quizzes keep together: no key is told by its form, and every objective is asked."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import numpy.typing as npt
import pytest
import yaml

from hardwired.course.quiz import Item, load
from tests.conftest import ROOT

PATHS = sorted((ROOT / "exercises").glob("*/quiz.yml"))
QUIZZES = {path.parent.name: load(path).items for path in PATHS}
SINGLE = {
    chapter: [item for item in items if item.kind == "single"] for chapter, items in QUIZZES.items()
}
# Forms that gave keys away once: absolutes in wrong options, hedges in keys, reasons in the wrong.
CUES = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "all|always|never|nothing|none|no|only|every|everybody|nobody|must|cannot|proves?|proved|"
        "whole|any|whatever|impossible|certain|certainly",
        "may|might|can|could|would|little|part|some|perhaps|possible|likely|few|mostly|often|open|"
        "undecided",
        "because|since|for|so|as",
    )
)
TRAP = re.compile(r"\bif (?:you answered )?−?\d", re.IGNORECASE)

chapters = pytest.mark.parametrize("chapter", QUIZZES)


def key(item: Item) -> int:
    """Return the place, among the options shown, of the one that is right."""
    return [option.right for option in item.options].index(True)


def lengths(item: Item) -> npt.NDArray[np.float64]:
    """Return how long each option is, in characters."""
    return np.array([len(option.text) for option in item.options], dtype=float)


def surface(item: Item) -> npt.NDArray[np.float64]:
    """Return what can be seen of each option without its meaning, as differences in the item."""
    long = lengths(item)
    rows = [[bool(cue.search(option.text)) for option in item.options] for cue in CUES]
    rows += [(long - long.mean()) / long.mean(), long == long.max(), long == long.min()]
    seen = np.array(rows, dtype=float).T
    return np.asarray(seen - seen.mean(axis=0))


def weights(items: list[Item], steps: int = 400) -> npt.NDArray[np.float64]:
    """Fit a conditional logit of the key on the surface of its options, with a small ridge."""
    known = [(surface(item), key(item)) for item in items]
    w = np.zeros(known[0][0].shape[1])
    for _ in range(steps):
        slope = -0.5 * w
        for seen, right in known:
            share = np.exp(seen @ w)
            slope += seen[right] - (share / share.sum()) @ seen
        w += 0.02 * slope
    return w


def test_form_alone_picks_few_more_keys_than_chance():
    """Fitted on seven chapters and tried on the eighth; chance is a quarter, and it was 62 %."""
    hits = total = 0
    for chapter, items in SINGLE.items():
        others = [item for name, rest in SINGLE.items() if name != chapter for item in rest]
        w = weights(others)
        hits += sum(int((surface(item) @ w).argmax()) == key(item) for item in items)
        total += len(items)

    print(f"{hits} of {total} keys by form alone")
    assert hits <= 0.4 * total


def test_the_key_is_the_longest_and_the_shortest_option_as_often_as_chance_would_make_it():
    """Within two standard deviations of a quarter of the items, either way."""
    items = [item for rest in SINGLE.values() for item in rest]
    expected, spread = len(items) / 4, np.sqrt(len(items) * 3 / 16)
    for name, extreme in (("longest", np.max), ("shortest", np.min)):
        found = sum(
            float(long[key(item)] == extreme(long)) / float((long == extreme(long)).sum())
            for item in items
            for long in [lengths(item)]
        )

        print(f"key {name} in {found:.1f} of {len(items)}, {expected:.1f} by chance")
        assert abs(found - expected) <= 2 * spread


def test_hedges_and_absolutes_are_as_common_in_keys_as_in_wrong_options():
    """A reader who trusts the cautious option, or mistrusts the sweeping one, gains nothing."""
    options = [option for rest in SINGLE.values() for item in rest for option in item.options]
    for cue in CUES:
        share = {
            right: float(np.mean([bool(cue.search(o.text)) for o in options if o.right == right]))
            for right in (True, False)
        }

        print(f"{cue.pattern[:20]}: keys {share[True]:.2f}, wrong {share[False]:.2f}")
        assert abs(share[True] - share[False]) <= 0.15


def test_keys_stand_at_every_place_alike():
    """Four places, and none holds less than half or more than one and a half of its quarter."""
    places = Counter(key(item) for rest in SINGLE.values() for item in rest)
    quarter = sum(places.values()) / 4

    assert sorted(places) == [0, 1, 2, 3]
    assert all(0.5 * quarter <= n <= 1.5 * quarter for n in places.values()), places


@chapters
def test_a_quiz_has_ten_items_of_four_kinds(chapter):
    """Two small calculations, several choices, an ordering; single choices have four options."""
    kinds = Counter(item.kind for item in QUIZZES[chapter])

    assert sum(kinds.values()) == 10
    assert kinds["numeric"] >= 2
    assert kinds["multiple"] >= 1
    assert kinds["ordering"] >= 1
    assert {len(item.options) for item in SINGLE[chapter]} == {4}


@chapters
def test_every_objective_is_asked_by_an_item_of_the_quiz(chapter):
    """A notebook is not everybody's: each objective that is stated is asked in the quiz as well."""
    text = (ROOT / "book/chapters" / f"{chapter}.md").read_text("utf-8")
    stated = set(re.findall(r"^- \*\*(o\d+)\*\*", text, re.MULTILINE))

    assert stated
    assert {item.objective for item in QUIZZES[chapter]} == stated


@chapters
def test_an_objective_that_computes_is_asked_by_a_number_or_in_the_notebook(chapter):
    """Its verb is tested: who is to compute is given something to compute."""
    text = (ROOT / "book/chapters" / f"{chapter}.md").read_text("utf-8")
    notes = (ROOT / "exercises" / chapter / "exercise.md").read_text("utf-8")
    asked = {item.objective for item in QUIZZES[chapter] if item.kind == "numeric"}
    asked |= set(re.findall(r"o\d+", " ".join(re.findall(r"note: objectives? (.+)", notes))))

    assert set(re.findall(r"^- \*\*(o\d+)\*\* \*compute\*", text, re.MULTILINE)) <= asked


@chapters
def test_a_wrong_number_is_traced_to_a_thought(chapter):
    """Each calculation names a number that a slip would give, and it is no right answer."""
    for item in QUIZZES[chapter]:
        if item.kind != "numeric":
            continue
        named = re.findall(r"\bif (?:you answered )?([\d.]+)", item.why, re.IGNORECASE)

        assert TRAP.search(item.why), item.id
        assert item.answer is not None
        assert item.tolerance is not None
        for trap in named:
            assert abs(float(trap) - item.answer) > item.tolerance, (item.id, trap)


@chapters
def test_a_notebook_says_its_time_for_two_readers_and_asks_for_a_guess_before_a_run(chapter):
    """85 minutes hold for who writes Python every week, and a model is guessed before it is run."""
    source = (ROOT / "exercises" / chapter / "exercise.md").read_text("utf-8")
    head = yaml.safe_load(source.split("---\n")[1])["hardwired"]
    questions = re.split(r"^## \d+\. ", source, flags=re.MULTILINE)[1:]

    assert f"about {head['minutes']} minutes if you write Python every week" in source
    assert "four to six hours in several sittings" in source
    assert any(
        re.search(r"^Before you .*(?:write down|say)", question, re.MULTILINE)
        and re.search(r"\.simulate\(|shortest_delay", question)
        for question in questions
    )
