"""A quiz file is complete, or the build stops and says what is missing."""

import pytest

from hardwired.course.quiz import QuizError, load

GOOD = """
chapter: 05-wounds
items:
  - id: q1
    objective: o1
    question: Which wound?
    options:
      - {text: The first, right: true, why: Because.}
      - {text: The second, why: No.}
      - {text: The third, why: No.}
      - {text: The fourth, why: No.}
  - id: q2
    objective: o2
    kind: numeric
    question: How long?
    answer: 9.4
    tolerance: 0.1
    unit: day
    why: The half of $18.8$.
  - id: q3
    objective: o3
    kind: ordering
    question: In which order?
    options: [Mend, Bleed, Clot]
    why: A wound goes its way.
  - id: q4
    objective: o4
    kind: multiple
    question: Which two?
    options:
      - {text: One, right: true, why: It is.}
      - {text: Two, right: true, why: It is too.}
      - {text: Three, why: It is not.}
"""


@pytest.fixture
def write(tmp_path):
    """Write a quiz file and return its path."""

    def writer(text: str):
        path = tmp_path / "quiz.yml"
        path.write_text(text)
        return path

    return writer


def test_options_are_shuffled_the_same_way_each_time(write):
    """The order of the options depends on chapter and item alone."""
    first, second = load(write(GOOD)), load(write(GOOD))

    assert [o.text for o in first.items[0].options] == [o.text for o in second.items[0].options]
    assert {o.text for o in first.items[0].options} == {
        "The first",
        "The second",
        "The third",
        "The fourth",
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("right: true, ", "", "item q1: 0 options are right"),
        ("text: The second", "right: true, text: The second", "item q1: 2 options are right"),
        ("why: Because.", "why: ''", "item q1, option 1: 'why' is missing"),
        ("tolerance: 0.1", "", "item q2: 'tolerance' is missing"),
        ("unit: day", "", "item q2: 'unit' is missing"),
        ("id: q2", "id: q1", "item q1 stands twice"),
        ("kind: numeric", "kind: essay", "item q2: kind 'essay' is unknown"),
        ("objective: o1", "objective: ''", "item q1: 'objective' is missing"),
        ("items:", "items: [", "not valid YAML"),
        ("answer: 9.4", "answer: nine", "item q2: 'answer' is 'nine', which is no number"),
        ("tolerance: 0.1", "tolerance: -1", "item q2: 'tolerance' is -1"),
        ("why: The half of $18.8$.", "", "item q2: 'why' is missing"),
        ("why: A wound goes its way.", "", "item q3: 'why' is missing"),
        ("[Mend, Bleed, Clot]", "[Mend]", "item q3: one step has no order"),
        ("[Mend, Bleed, Clot]", "[Mend, Mend]", "item q3, option 2: says the same"),
        ("[Mend, Bleed, Clot]", "Mend", "item q3: 'options' is not a list"),
        ("[Mend, Bleed, Clot]", "[Mend, {text: Bleed}]", "item q3, option 2: a step"),
        ("text: The fourth", "text: The third", "item q1, option 4: says the same"),
        ("right: true,", "rigth: true,", "item q1, option 1: 'rigth' is unknown"),
        ("right: true,", "right: 'no',", "item q1, option 1: 'right' is 'no'"),
        ("chapter: 05-wounds", "", "'chapter' is missing"),
        ("  - id: q1", "  - seven\n  - id: q1", "item number 1: 'seven' is not a mapping"),
    ],
)
def test_fault_is_named_with_file_and_item(write, old, new, message):
    """The one-line error names the file, the item and what to mend."""
    path = write(GOOD.replace(old, new, 1))

    with pytest.raises(QuizError, match=r"quiz\.yml") as caught:
        load(path)

    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "- a list", "chapter: 05-wounds\nitems: {id: q1}"])
def test_a_file_of_another_shape_is_refused(write, text):
    """What is no quiz at all is named too, in one line."""
    path = write(text)

    with pytest.raises(QuizError, match=r"quiz\.yml") as caught:
        load(path)

    assert "\n" not in str(caught.value)


def test_every_kind_is_read(write):
    """Single, numeric, ordering and multiple, each with what it needs."""
    single, numeric, ordering, multiple = load(write(GOOD)).items

    assert [option.text for option in single.options if option.right] == ["The first"]
    assert (numeric.answer, numeric.tolerance, numeric.unit) == (9.4, 0.1, "day")
    assert [step.text for step in ordering.options] == ["Mend", "Bleed", "Clot"]
    assert sorted(o.text for o in multiple.options if o.right) == ["One", "Two"]


def test_steps_are_never_shown_in_their_right_order(write):
    """Sorted by their letters, and backwards should that be the right order."""
    text = GOOD.replace("[Mend, Bleed, Clot]", "[Bleed, Clot, Mend]")

    assert [o.text for o in load(write(GOOD)).items[2].shown] == ["Bleed", "Clot", "Mend"]
    assert [o.text for o in load(write(text)).items[2].shown] == ["Mend", "Clot", "Bleed"]


def test_missing_file_is_named(tmp_path):
    """A quiz that is not there is said to be not there."""
    with pytest.raises(QuizError, match="there is no such quiz"):
        load(tmp_path / "quiz.yml")
