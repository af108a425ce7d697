"""``hardwired quiz export`` as a command: what is chosen, and what stops it."""

import csv
import io

import pytest

from hardwired.cli import main
from hardwired.course import banks
from tests.conftest import ROOT
from tests.course.a_quiz import QUIZ

EVERY = sorted(banks.FORMATS)


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$n$,", r"$\frac{1}$,", r"item q2: the formula $\frac{1}$ does not convert"),
        ("question: How long?", 'question: "{term}`wound`?"', "item q2: '{term}`...' means"),
        ("question: How long?", 'question: "[link](page)"', "item q2: a link has no place"),
        ("answer: 8.29", "answer: many", "item q2: 'answer' is 'many'"),
        ("unit: days", "", "item q2: 'unit' is missing"),
        ("why: No.}", "}", "item q1, option 4: 'why' is missing"),
    ],
)
def test_nothing_is_written_when_an_item_cannot_be(tmp_path, capsys, form, old, new, said):
    """One line with file, item and mend, exit code 1, and the old file stays as it was."""
    folder, out = tmp_path / "exercises/05-wounds", tmp_path / "bank"
    folder.mkdir(parents=True)
    (folder / "quiz.yml").write_text(QUIZ.replace(old, new), encoding="utf-8")
    out.write_bytes(b"old")

    exercises = str(folder.parent)
    code = main(["quiz", "export", "--format", form, "--exercises", exercises, "--out", str(out)])
    heard = capsys.readouterr().err

    assert code == 1
    assert said in heard
    assert "quiz.yml" in heard
    assert heard.count("\n") == 1
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_chapters_are_chosen_and_counted(tmp_path, capsys):
    """``--chapter`` may be given again; a slug without a quiz is named."""
    out = tmp_path / "new" / "bank.csv"
    common = ["quiz", "export", "--format", "csv", "--exercises", str(ROOT / "exercises")]
    chosen = ["--chapter", "05-wounds", "--chapter", "01-hardwired"]

    done = main([*common, *chosen, "--out", str(out)])
    said = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    failed = main([*common, "--chapter", "99-none", "--out", str(out)])

    assert (done, failed) == (0, 1)
    assert said.startswith("20 questions of 2 chapters")
    assert [rows[0]["chapter"], rows[-1]["chapter"]] == ["05-wounds", "01-hardwired"]
    assert "99-none/quiz.yml: there is no such quiz" in capsys.readouterr().err


def test_an_empty_folder_and_an_unwritable_place_are_one_line(tmp_path, capsys):
    """Both say what to do."""
    out = str(tmp_path / "bank")
    empty = main(["quiz", "export", "--format", "csv", "--exercises", out, "--out", out])
    (tmp_path / "file").write_text("", encoding="utf-8")
    place = str(tmp_path / "file" / "bank")
    exercises = str(ROOT / "exercises")
    barred = main(["quiz", "export", "--format", "csv", "--exercises", exercises, "--out", place])
    first, second = capsys.readouterr().err.splitlines()

    assert (empty, barred) == (1, 1)
    assert "holds no quiz.yml; name the folder with --exercises" in first
    assert "mend that and try again" in second


@pytest.mark.parametrize(("form", "code"), [("qti12", 1), ("moodle", 0)])
def test_a_number_that_canvas_takes_for_nought_is_named(tmp_path, capsys, form, code):
    """The bank is written all the same, and other systems read the number as it is."""
    folder, out = tmp_path / "exercises/05-wounds", tmp_path / "bank"
    folder.mkdir(parents=True)
    text = QUIZ.replace("answer: 8.29", "answer: 0.00002").replace(
        "tolerance: 0.1", "tolerance: 1.0e-6"
    )
    (folder / "quiz.yml").write_text(text, encoding="utf-8")
    words = ["--exercises", str(folder.parent), "--out", str(out)]
    done = main(["quiz", "export", "--format", form, *words])
    heard = capsys.readouterr().err

    assert done == code
    assert ("05-wounds, item q2: Canvas takes" in heard) == bool(code)
    assert out.stat().st_size > 0


def test_an_option_that_begins_with_a_percentage_is_no_share_in_gift(tmp_path):
    """Moodle reads `~%50%` as half the points; the option says its own share first."""
    folder = tmp_path / "05-wounds"
    folder.mkdir()
    text = QUIZ.replace("text: The second", 'text: "%50% of them"')
    (folder / "quiz.yml").write_text(text, encoding="utf-8")
    bank = banks.FORMATS["gift"](banks.collect(tmp_path)).decode()

    assert "~%0%%50% of them#" in bank
