"""Formulas: a snapshot that guards the young converters, and the check of each formula alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from hardwired.formulas import FormulaError
from hardwired.formulas.typst import FormulaChecker, to_typst
from hardwired.formulas.words import words

SNAPSHOT = yaml.safe_load(Path(__file__).with_name("formulas.yml").read_text(encoding="utf-8"))
CHECK = FormulaChecker()


def test_the_snapshot_is_large_enough() -> None:
    """At least fifty formulas of the kinds that the book holds are watched."""
    assert len({formula["tex"] for formula in SNAPSHOT}) >= 50


@pytest.mark.parametrize("formula", SNAPSHOT, ids=lambda formula: formula["tex"])
def test_formula_converts_as_it_did(formula: dict[str, str]) -> None:
    """Typst source and words are those that were looked at; the source compiles."""
    assert CHECK(formula["tex"]) == formula["typst"]
    assert words(formula["tex"]) == formula["words"]


def test_a_changed_formula_is_noticed() -> None:
    """The snapshot tells a formula from one that differs in a sign."""
    formula = next(f for f in SNAPSHOT if f["tex"] == "p < 0.05")

    assert CHECK("p > 0.05") != formula["typst"]
    assert words("p > 0.05") != formula["words"]


def test_unknown_command_is_found_alone() -> None:
    """A command that Typst does not know is named with its formula, before the book is set."""
    with pytest.raises(FormulaError, match=r"formula \$\\foo\{x\}\$ does not typeset: unknown"):
        FormulaChecker()(r"\foo{x}")


def test_a_formula_that_failed_fails_again() -> None:
    """The second use of a bad formula is an error too."""
    check = FormulaChecker()
    for _ in range(2):
        with pytest.raises(FormulaError):
            check(r"\foo")


def test_empty_formula_is_an_error() -> None:
    """A formula needs something to show."""
    with pytest.raises(FormulaError, match="empty"):
        to_typst(r"\tag{1}")


def test_several_upright_letters_are_one_word() -> None:
    """They copy as a word and are set as one."""
    assert to_typst(r"\mathrm{max}") == '"max"'
