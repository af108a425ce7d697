r"""Formulas in words: the alternative text that HTML, EPUB and PDF share.

Here lives the way from a LaTeX formula to an English sentence, and the table with which authors
override it (``formula_words.yml`` beside the book's ``_config.yml``). Not here: drawing formulas
(`hardwired.formulas.mathml`, `hardwired.formulas.typst`).

The table is a mapping from the formula, as it stands in the source, to the words::

    'r = -0.42': the correlation is minus 0.42
    '\tau^2': tau squared

Spaces do not count when a formula is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import mathra
import yaml

from hardwired.formulas import FormulaError

__all__ = ["TABLE_NAME", "FormulaWords", "load", "normalise", "read", "words"]

TABLE_NAME = "formula_words.yml"


# What mathra spells or leaves as a glyph, and what is said instead.
_SAID = {
    r"\top": r"\text{ transpose}",
    r"\sim": r"\text{ is distributed as }",
    r"\mid": r"\text{ given }",
    r"\rightharpoonup": r"\text{ goes to }",
    r"\rightleftharpoons": r"\text{ is in equilibrium with }",
    r"\varnothing": r"\text{nothing}",
    r"\leftarrow": r"\text{ becomes }",
    r"\vdots": r"\text{and so on}",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\displaystyle": "",
    r"\textstyle": "",
}
_COMMAND = re.compile(r"\\[A-Za-z]+")
_UPRIGHT = re.compile(
    r"\\(?:mathrm|operatorname\*?|mathsf|textrm|mathit|rm)\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
)
_EXTREME = re.compile(r"(?<=[_^{])\\(max|min)(?=[\s}_^,]|$)|_\\(max|min)\b")
_CHARGE = re.compile(r"(?<=[}A-Z\d])\^\s*(?:\{\s*)?([+-])(?:\s*\}|(?=\s|$))")
# A sign on a variable of one letter is part of its name, no charge and no sum.
_SIGNED = re.compile(r"(?<![A-Za-z\d}\\])([A-Za-z])\s*\^\s*(?:\{\s*([+-])\s*\}|([+-])(?=[\s(=]|$))")
_ROOT = re.compile(r"\\sqrt\s*\{\s*([A-Za-z\d.]+)\s*\}(?=\s*[^\s}&=])")
_INDICATOR = re.compile(r"\\math(?:bb|bf)\s*\{1\}_\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_STAR = re.compile(r"\^\s*\{?\s*(?:\*|\\ast|\\star)\s*\}?")
_ARROW = re.compile(r"\\x(?:right|left)arrow\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_TAG = re.compile(r"\\(?:tag\*?|label)\s*\{[^{}]*\}")
_UNIT_POWER = re.compile(r"([A-Za-zµμΩ%]+)\s*\^\s*\{?\s*(-?)\s*(\d)\s*\}?")
_GREEK = re.compile(
    r"^\\(?:alpha|beta|gamma|delta|kappa|lambda|mu|tau|phi|epsilon|theta|sigma|omega)$"
)
_POWERS = {"1": "", "2": " squared", "3": " cubed"}


def _superscript(match: re.Match[str]) -> str:
    sign = "plus" if "+" in (match[2], match[3]) else "minus"
    return rf"{match[1]} \text{{ superscript {sign} }}"


def _unit_words(match: re.Match[str]) -> str:
    unit, sign, power = match.groups()
    said = unit + _POWERS.get(power, f" to the {power}")
    return f" per {said}" if sign else said


def _upright_words(match: re.Match[str]) -> str:
    r"""Turn ``\mathrm{mol\,L^{-1}}`` into text: several upright letters are a word."""
    inside = match.group(1)
    if len(inside.strip()) <= 1 or _GREEK.match(inside.strip()):
        return f" {inside} "
    inside = re.sub(r"\\text\{([^{}]*)\}", r"\1", inside)
    inside = re.sub(r"\\(?:[,;:! ]|quad|thinspace)|~", " ", inside)
    inside = inside.replace(r"\cdot", " ").replace(r"\%", "percent").replace("--", "-")
    inside = re.sub(r"\\mu\b", "micro", inside)
    inside = _UNIT_POWER.sub(_unit_words, inside)
    inside = re.sub(r"\s*/\s*", " per ", inside)
    inside = re.sub(r"[\\{}^_]", " ", inside)
    return rf"\text{{{re.sub(r'  +', ' ', inside)}}}"


def normalise(tex: str) -> str:
    r"""Rewrite what would be spelled letter by letter, so that it is read as words.

    Parameters
    ----------
    tex : str
        A formula in LaTeX, without dollar signs.

    Returns
    -------
    str
        The same formula for the ear; never used for drawing.
    """
    said = _TAG.sub("", tex)
    said = re.sub(r"\\mu\s*\\mathrm\s*\{", lambda _: r"\mathrm{\mu ", said)
    said = re.sub(r"(?<![\d/])1\s*/\s*2(?![\d/])", lambda _: r"\text{one half}", said)
    said = _INDICATOR.sub(lambda m: rf"\text{{ indicator of }} {m[1]} \text{{, }}", said)
    said = _ROOT.sub(lambda m: rf"\text{{ root {m[1]}, }}", said)
    said = _SIGNED.sub(_superscript, said)
    said = _CHARGE.sub(lambda m: rf"\text{{ {'plus' if m[1] == '+' else 'minus'} }}", said)
    said = _UPRIGHT.sub(_upright_words, said)
    said = _EXTREME.sub(
        lambda m: m.group(0).replace("\\" + (m[1] or m[2]), rf"\text{{{m[1] or m[2]}}}"), said
    )
    said = _STAR.sub(r"\\text{ star}", said)
    said = _ARROW.sub(r"\\text{ goes, at rate } \1 \\text{, to }", said)
    said = _COMMAND.sub(lambda m: _SAID.get(m[0], m[0]), said)
    said = re.sub(r"\^\s*(\\text\{ (?:transpose|star)\})", r"\1", said)
    said = re.sub(r"\^\s*\{\s*(\\text\{ (?:transpose|star)\})\s*\}", r"\1", said)
    said = re.sub(r"(?<![\\{])\\dfrac|\\tfrac|\\cfrac", lambda _: r"\frac", said)
    said = re.sub(r"\\text\{([^{}]*)\}", lambda m: rf"\text{{ {m[1].strip()} }}", said)
    return said


def words(tex: str) -> str:
    r"""Read a formula aloud, in English.

    Parameters
    ----------
    tex : str
        A formula in LaTeX, without dollar signs.

    Returns
    -------
    str
        One line of words, such as ``"r equals negative 0.42"``.

    Raises
    ------
    FormulaError
        If the formula holds a command that has no words, or says nothing at all.
    """
    result = mathra.render(normalise(tex))
    if result["warnings"]:
        what = "; ".join(warning["description"] for warning in result["warnings"])
        raise FormulaError(f"formula ${tex}$ has no words ({what}): add it to {TABLE_NAME}")
    said = _tidy(result["speech"])
    if not said or re.search(r"\\[A-Za-z]|[{}^]", said):
        raise FormulaError(f"formula ${tex}$ has no words: add it to {TABLE_NAME}")
    return said


def _tidy(said: str) -> str:
    said = said.replace("⊤", "transpose").replace("∼", "is distributed as").replace("−", "minus ")
    said = re.sub(r"\s+([,;:.])", r"\1", re.sub(r"\s+", " ", said))
    return re.sub(r"(?<=[a-z]) -(?=[A-Za-z])", "-", said).strip(" ,")


def _key(tex: str) -> str:
    return re.sub(r"\s+", "", tex)


@dataclass(frozen=True)
class FormulaWords:
    """The book's formulas in words: the authors' table first, then the machine.

    Attributes
    ----------
    table : mapping of str to str
        Words by formula, the formula without its spaces.
    path : pathlib.Path or None
        The file the table came from.
    """

    table: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    def __call__(self, tex: str) -> str:
        """Give the words of a formula; see `words` for errors."""
        return self.table.get(_key(tex)) or words(tex)


def load(path: Path) -> FormulaWords:
    """Read the authors' table; a missing file is an empty table.

    Raises
    ------
    FormulaError
        If the file is no mapping from formulas to words, or an entry is empty.
    """
    if not path.exists():
        return FormulaWords({}, path)
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise FormulaError(f"{path}:{line}: this is no YAML mapping of formulas to words") from None
    if not isinstance(entries, dict):
        raise FormulaError(f"{path}:1: expected a mapping 'formula: words'")
    for tex, said in entries.items():
        if not isinstance(said, str) or not said.strip():
            raise FormulaError(
                f"{path}: the words of formula {tex!r} are empty: write them as text"
            )
    return FormulaWords({_key(str(tex)): said.strip() for tex, said in entries.items()}, path)


def read(path: Path) -> FormulaWords:
    """Read the authors' table as `load` does, once as long as the file stays as it is."""
    return _read_once(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)
def _read_once(path: Path, changed: int) -> FormulaWords:
    return load(path)
