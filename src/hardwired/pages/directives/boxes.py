"""Boxes by kind and margin notes: ``{box} method Title`` and ``{margin}``."""

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from hardwired.pages.directives.base import HwDirective

KINDS = {
    "method": "Method",
    "history": "History",
    "clinic": "Clinic",
    "controversy": "Controversy",
}

NOT_ADVICE = "This box is for education; it is not medical advice."


class Box(HwDirective):
    """A box of one of the :data:`KINDS`, with a title; a clinical box says that it is no advice."""

    required_arguments = 2
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return one admonition node with the classes ``hw-box`` and ``hw-box-KIND``."""
        kind, title = self.arguments
        if kind not in KINDS:
            raise self.error(f"box '{kind}' is of no known kind; use one of {', '.join(KINDS)}")
        box = nodes.admonition(classes=["hw-box", f"hw-box-{kind}"])
        self.set_source_info(box)
        self.add_name(box)
        label = nodes.inline("", KINDS[kind], classes=["hw-box-kind"])
        box += nodes.title("", "", label, nodes.Text(" "), *self.inline(title))
        self.state.nested_parse(self.content, self.content_offset, box)
        if kind == "clinic":
            note = nodes.paragraph("", NOT_ADVICE, classes=["hw-box-note"])
            box += note
        return [box]


class Margin(HwDirective):
    """A note in the margin: beside the text on a wide page, between paragraphs on a phone."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return one container node with the class ``hw-margin``."""
        self.assert_has_content()
        note = nodes.container(classes=["hw-margin"])
        self.set_source_info(note)
        self.state.nested_parse(self.content, self.content_offset, note)
        return [note]
