"""``{quiz} 05-wounds``: the chapter's questions, each with an answer to unfold.

Every format gets the questions, the choices and the answers as plain text; a web page folds each
answer away and says in the fold, as data, what ``book/_static/quiz.js`` needs to make a form of it.
"""

import re
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList

from hardwired.course.quiz import Item, QuizError, load
from hardwired.formulas import FormulaError
from hardwired.formulas.mathml import to_mathml
from hardwired.pages.directives.base import HwDirective
from hardwired.pages.directives.objectives import SECTIONS, section_link

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FORMULA = re.compile(r"(?<![\\$])\$([^$]+)\$(?!\$)")


def check_formulas(item: Item, path: Path) -> None:
    """Convert every formula of an item once.

    Raises
    ------
    QuizError
        When one does not convert; names file, item and formula.
    """
    texts = [item.question, item.why, *(text for o in item.options for text in (o.text, o.why))]
    for latex in (formula for text in texts for formula in _FORMULA.findall(text)):
        try:
            to_mathml(latex, False)
        except FormulaError as error:
            place = f"{path}: item {item.id}"
            raise QuizError(
                f"{place}: the formula ${latex}$ does not convert; mend it: {error}"
            ) from error


def data(item: Item) -> dict[str, str]:
    """Return what a script must know to mark an answer; all of it also stands in the answer."""
    if item.kind == "numeric":
        return {"answer": f"{item.answer!r}", "within": f"{item.tolerance!r}", "unit": unit(item)}
    if item.kind == "ordering":
        return {"right": " ".join(str(item.options.index(step)) for step in item.shown)}
    return {"right": " ".join(str(n) for n, option in enumerate(item.options) if option.right)}


def unit(item: Item) -> str:
    """Return the unit of a numeric item as it is written after the number."""
    return "" if item.unit == "1" else item.unit


def sections(book: Path, chapter: str) -> dict[str, list[str]]:
    """Return the headings of the sections that meet each objective of a chapter."""
    path = book / SECTIONS
    known = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return dict((known or {}).get(chapter) or {})


class QuizDirective(HwDirective):
    """Questions in place; answers in a ``details`` element, where the format has one."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-quiz`` with an item container a question."""
        path = Path(self.env.srcdir).parent / "exercises" / self.arguments[0] / "quiz.yml"
        self.env.note_dependency(str(path))
        try:
            quiz = load(path)
            for item in quiz.items:
                check_formulas(item, path)
        except QuizError as error:
            raise self.error(str(error)) from error
        self.env.note_dependency(str(Path(self.env.srcdir) / SECTIONS))
        met = sections(Path(self.env.srcdir), self.arguments[0])
        box = nodes.container(classes=["hw-quiz"])
        self.set_source_info(box)
        for number, item in enumerate(quiz.items, start=1):
            box += self._item(number, item, met.get(item.objective, []))
        return [box]

    def _parse(self, text: str) -> list[nodes.Node]:
        holder = nodes.container()
        source = StringList(text.splitlines(), self.get_source_info()[0])
        self.state.nested_parse(source, self.content_offset, holder)
        return list(holder.children)

    def _item(self, number: int, item: Item, met: list[str]) -> nodes.container:
        entry = nodes.container(classes=["hw-quiz-item"])
        question = self._parse(item.question)
        question[0].insert(0, nodes.strong("", f"{number}. "))
        entry += question
        if item.options:
            choices = nodes.enumerated_list(
                enumtype="loweralpha", prefix="", suffix=")", classes=["hw-quiz-options"]
            )
            choices += [nodes.list_item("", *self._parse(option.text)) for option in item.shown]
            entry += choices
        told = "".join(f' data-{key}="{escape(value)}"' for key, value in data(item).items())
        entry += nodes.raw(
            "",
            f'<details class="hw-unfold" data-kind="{item.kind}"{told}><summary>Answer</summary>',
            format="html",
        )
        answer = nodes.container(classes=["hw-quiz-answer"])
        answer += self._answer(item)
        answer += self._again(met)
        entry += answer
        entry += nodes.raw("", "</details>", format="html")
        return entry

    def _again(self, met: list[str]) -> list[nodes.Node]:
        """Return the line that leads to the sections behind a question; paper has the table."""
        if not met:
            return []
        line = nodes.paragraph("", "Read again: ")
        for n, heading in enumerate(met):
            line += [nodes.Text(", ")] if n else []
            line += section_link("", page=f"chapters/{self.arguments[0]}", heading=heading)
        return [nodes.container("", line, classes=["hw-quiz-again", "hw-web-only"])]

    def _answer(self, item: Item) -> list[nodes.Node]:
        if item.kind == "numeric":
            after = f" {unit(item)}" if unit(item) else ""
            value = f"{item.answer:.10g}{after} (accepted within {item.tolerance:g}{after}). "
            return self._parse(value + item.why)
        if item.kind == "ordering":
            order = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
            order += [nodes.list_item("", *self._parse(o.text)) for o in item.options]
            return [order, *self._parse(item.why)]
        reasons = nodes.bullet_list()
        for letter, option in zip(LETTERS, item.options, strict=False):
            mark = "Right" if option.right else "Wrong"
            reasons += nodes.list_item("", *self._parse(f"**{letter}) {mark}.** {option.why}"))
        return [reasons, *(self._parse(item.why) if item.why else [])]
