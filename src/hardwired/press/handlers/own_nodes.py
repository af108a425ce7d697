"""Handlers of the book's own elements: boxes, margin notes, claim cards, models, quizzes."""

from __future__ import annotations

from docutils import nodes

from hardwired.press.escape import content, escape, string
from hardwired.press.registry import writes, writes_class
from hardwired.press.translator import Translator
from hardwired.press.written import Answers, with_anchors

__all__: list[str] = []

LONG = 4000
"""Characters of a box from which on it is too tall, on any paper, to be kept on one page."""


def _title_and_rest(t: Translator, node: nodes.Element) -> tuple[str, list[nodes.Node]]:
    """Take the title of a box: a title node, or a first paragraph of class ``...title``."""
    rest = list(node.children)
    for child in rest:
        if isinstance(child, nodes.title) or (
            isinstance(child, nodes.Element)
            and any(name.endswith("title") for name in child.get("classes", ()))
        ):
            rest.remove(child)
            t.wait(child)
            return t.children(child).strip(), rest
    return "", rest


def _boxed(t: Translator, node: nodes.Element, call: str) -> str:
    label = t.own_label(node) if node.get("ids") else ""
    title, rest = _title_and_rest(t, node)
    with t.using(depth_in_box=t.depth_in_box + 1):
        body = "".join(t.write(child) for child in rest).strip()
    # Whether a box is to be kept on one page is measured, which sets it twice.
    if len(node.astext()) > LONG:
        call += ", measured: false"
    return f"\n\n#{call}, title: [{title}], label-name: {string(label)})[{t.anchors()}{body}]\n\n"


@writes_class("hw-box")
def box(t: Translator, node: nodes.Element) -> str:
    """Write a box of its kind."""
    kind = next((c[7:] for c in node["classes"] if c.startswith("hw-box-")), "")
    return _boxed(t, node, f"kind-box({string(kind)}")


@writes_class("hw-box-note")
def box_note(t: Translator, node: nodes.Element) -> str:
    """Write the small line at the end of a clinical box."""
    return f"\n\n#small-note{t.body(node)}\n\n"


@writes_class("hw-margin", "margin")
def margin(t: Translator, node: nodes.Element) -> str:
    """Write a note in the margin; inside a box or a table it becomes a paragraph."""
    with t.using(in_note=True):
        title, rest = _title_and_rest(t, node)
        head = f"#strong[{title}] " if title else ""
        body = "".join(t.write(child) for child in rest).strip()
    if t.depth_in_box or t.in_table:
        return f"\n\n#small-note[{t.anchors()}{head}{body}]\n\n"
    return f"\n\n#margin-note[{t.anchors()}{head}{body}]\n\n"


@writes("sidebar")
def sidebar(t: Translator, node: nodes.sidebar) -> str:
    """Write a sidebar as a note in the margin."""
    return margin(t, node)


@writes_class("hw-claim")
def claim(t: Translator, node: nodes.Element) -> str:
    """Write a claim card."""
    return _boxed(t, node, "claim-card(none")


@writes_class("hw-model")
def model(t: Translator, node: nodes.Element) -> str:
    """Write a model: its equations, figure and parameter table; the explorer is for the web."""
    t.wait(node)
    with t.using(in_model=True):
        return t.children(node)


@writes_class("hw-claim-teacher")
def teacher(t: Translator, node: nodes.Element) -> str:
    """Write what a careful teacher would say, set off from the evidence."""
    return f"\n\n#teacher{t.body(node)}\n\n"


@writes_class("hw-claim-role", "hw-claim-certainty", "hw-claim-part")
def claim_label(t: Translator, node: nodes.Element) -> str:
    """Write the line above a list of evidence; it stays with its list."""
    return f"\n\n#claim-label{t.body(node)}\n\n"


@writes_class("hw-quiz")
def quiz(t: Translator, node: nodes.Element) -> str:
    """Write the questions in place; the answers go to the back of the book."""
    t.wait(node)
    with t.using(answers=[]):
        items = "".join(t.write(child) for child in node.children)
        answers = "".join(t.answers)
    if not answers:
        return items
    label = t.label("hw-answers")
    t.claim(label, node)
    title = t.doctree.next_node(nodes.title)
    number = t.page.numbers.section("")
    with t.using(plain=True):
        name = t.children(title).strip() if title is not None else ""
    t.names.add(label)
    t.answered.append(Answers(label, number, with_anchors(name), with_anchors(answers)))
    return f"{items}\n\n#answers-at({string(label)})\n\n"


@writes_class("hw-quiz-item")
def quiz_item(t: Translator, node: nodes.Element) -> str:
    """Write one question, kept on one page."""
    t.wait(node)
    with t.using(depth_in_box=t.depth_in_box + 1, question_number=_question_number(node)):
        body = "".join(t.write(child) for child in node.children).strip()
    return f"\n\n#question[{t.anchors()}{body}]\n\n"


def _question_number(node: nodes.Element) -> str:
    first = node.next_node(nodes.strong)
    return first.astext().strip().rstrip(".") if first is not None else ""


@writes_class("hw-quiz-answer")
def quiz_answer(t: Translator, node: nodes.Element) -> str:
    """Keep the answer for the back."""
    with t.using(names=t.names_in_answers):
        body = t.body(node)
    t.answers.append(f"\n\n#answer({string(t.question_number)}){body}\n\n")
    return ""


@writes_class("hw-references")
def own_references(t: Translator, node: nodes.Element) -> str:
    """Write a chapter's own works for its handout; the book has one list."""
    body = t.body(node)
    if not t.page.one_list:
        return f"\n\n{body[1:-1]}\n\n"
    page = next(iter(t.page.one_list.values())).partition("#")[0]
    return f"\n\n#own-references({string(t.link_to(page, node))}){body}\n\n"


@writes_class("hw-web-only")
def web_only(t: Translator, node: nodes.Element) -> str:
    """Write nothing: the node is for the web page."""
    return ""


_ADMONITIONS = {
    "admonition": "",
    "attention": "Attention",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "note": "Note",
    "seealso": "See also",
    "tip": "Tip",
    "warning": "Warning",
    "topic": "",
    "versionmodified": "",
}


@writes(*_ADMONITIONS)
def admonition(t: Translator, node: nodes.Element) -> str:
    """Write a plain box with its title."""
    t.wait(node)
    title, rest = _title_and_rest(t, node)
    title = title or escape(_ADMONITIONS.get(type(node).__name__, ""))
    with t.using(depth_in_box=t.depth_in_box + 1):
        body = "".join(t.write(child) for child in rest).strip()
    return f"\n\n#note-box([{title}]){content(t.anchors() + body)}\n\n"


@writes("citation")
def citation(t: Translator, node: nodes.citation) -> str:
    """Write one work of a reference list as a hanging paragraph."""
    t.wait(node)
    body = [child for child in node.children if not isinstance(child, nodes.label)]
    inner = t.anchors() + "".join(t.write(child) for child in body).strip()
    return f"\n\n#references([{inner}])\n\n"


@writes("footnote")
def footnote(t: Translator, node: nodes.footnote) -> str:
    """Write nothing: a footnote stands at its first reference."""
    return ""
