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
    ],
)
def test_fault_is_named_with_file_and_item(write, old, new, message):
    """The one-line error names the file, the item and what to mend."""
    path = write(GOOD.replace(old, new, 1))

    with pytest.raises(QuizError, match=r"quiz\.yml") as caught:
        load(path)

    assert message in str(caught.value)


def test_missing_file_is_named(tmp_path):
    """A quiz that is not there is said to be not there."""
    with pytest.raises(QuizError, match="there is no such quiz"):
        load(tmp_path / "quiz.yml")
