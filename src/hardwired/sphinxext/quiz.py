"""``{quiz} 05-wounds``: the chapter's questions, each with an answer to unfold."""

from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hardwired.course.quiz import Item, QuizError, load

LETTERS = "abcdefgh"


class QuizDirective(SphinxDirective):
    """Questions in place; answers in a ``details`` element, where the format has one."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-quiz`` with an item container a question."""
        path = Path(self.env.srcdir).parent / "exercises" / self.arguments[0] / "quiz.yml"
        self.env.note_dependency(str(path))
        try:
            quiz = load(path)
        except QuizError as error:
            raise self.error(str(error)) from error
        box = nodes.container(classes=["hw-quiz"])
        self.set_source_info(box)
        for number, item in enumerate(quiz.items, start=1):
            box += self._item(number, item)
        return [box]

    def _parse(self, text: str) -> list[nodes.Node]:
        holder = nodes.container()
        source = StringList(text.splitlines(), self.get_source_info()[0])
        self.state.nested_parse(source, self.content_offset, holder)
        return holder.children

    def _item(self, number: int, item: Item) -> nodes.container:
        entry = nodes.container(classes=["hw-quiz-item"])
        question = self._parse(item.question)
        question[0].insert(0, nodes.strong("", f"{number}. "))
        entry += question
        shown = (
            sorted(item.options, key=lambda o: o.text) if item.kind == "ordering" else item.options
        )
        if shown:
            choices = nodes.enumerated_list(
                enumtype="loweralpha", prefix="", suffix=")", classes=["hw-quiz-options"]
            )
            choices += [nodes.list_item("", *self._parse(option.text)) for option in shown]
            entry += choices
        entry += nodes.raw(
            "", "<details class='hw-unfold'><summary>Answer</summary>", format="html"
        )
        answer = nodes.container(classes=["hw-quiz-answer"])
        answer += self._answer(item)
        entry += answer
        entry += nodes.raw("", "</details>", format="html")
        return entry

    def _answer(self, item: Item) -> list[nodes.Node]:
        if item.kind == "numeric":
            unit = "" if item.unit == "1" else f" {item.unit}"
            value = f"{item.answer:g}{unit} (accepted within {item.tolerance:g}{unit}). "
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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("quiz", QuizDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
