"""Handlers of blocks: sections, paragraphs, lists, figures, displayed formulas, quotations."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes

from hardwired.press.escape import content, escape, string
from hardwired.press.handlers.columns import in_columns
from hardwired.press.handlers.inline import formula, picture
from hardwired.press.registry import writes
from hardwired.press.translator import Translator
from hardwired.press.written import anchor_mark

__all__ = ["caption_of"]


@writes("document", "compound", "only", "decoration", "toctree_wrapper", "glossary")
def passing(t: Translator, node: nodes.Element) -> str:
    """Write what a transparent node holds."""
    t.wait(node)
    return t.children(node)


@writes("toctree")
def toctree(t: Translator, node: addnodes.toctree) -> str:
    """Write nothing: the book's own walk brings the pages in."""
    return ""


# -- sections ------------------------------------------------------------------------------


@writes("section")
def section(t: Translator, node: nodes.section) -> str:
    """Write a heading and its section; the first one of a page opens the page."""
    opens_page = isinstance(node.parent, nodes.document) and node.parent.index(node) == min(
        i for i, c in enumerate(node.parent.children) if isinstance(c, nodes.section)
    )
    with t.using(level=t.level + 1):
        heading = _heading(t, node, opens_page)
        rest = [c for c in node.children if not isinstance(c, nodes.title)]
        if opens_page and t.page.looked_up:
            return f"{heading}#show: looked-up\n{in_columns(t, rest)}"
        return heading + "".join(t.write(child) for child in rest)


def _heading(t: Translator, node: nodes.section, opens_page: bool) -> str:
    title_node = node.next_node(nodes.title)
    if title_node is None or title_node.parent is not node or not title_node.astext().strip():
        t.problem("a section needs a title", node)
        return ""
    number = t.page.numbers.section("" if opens_page else f"#{node['ids'][0]}")
    with t.using(plain=True):
        title = t.children(title_node).strip()
    label = t.own_label(node)
    t.wait(title_node)
    t.headings.append((t.level, number, label, title))
    if not opens_page:
        return f"\n\n#sec({t.level}, {string(number)}, {string(label)})[{title}]{t.anchors()}\n\n"
    t.claim(t.label(""), t.doctree)
    extra = anchor_mark(t.label("")) + t.anchors()
    question = content(escape(t.page.question)) if t.page.question else "none"
    return (
        f"#chapter({t.level}, {string(number)}, {string(label)}, title: [{title}], "
        f"question: {question}, sections: {_small_contents(t, node)})\n{extra}\n\n"
    )


def _small_contents(t: Translator, node: nodes.section) -> str:
    """List the sections of a chapter: number, title, label."""
    rows = []
    for child in node.children:
        if not isinstance(child, nodes.section) or not child["ids"]:
            continue
        title_node = child.next_node(nodes.title)
        if title_node is None:
            continue
        with t.using(plain=True):
            title = t.children(title_node).strip()
        number = t.page.numbers.section(f"#{child['ids'][0]}")
        rows.append(f"({string(number)}, [{title}], {string(t.label(child['ids'][0]))})")
    return f"({', '.join(rows)},)" if rows else "()"


@writes("title", "subtitle")
def stray_title(t: Translator, node: nodes.title) -> str:
    """Write a title that belongs to no section."""
    return f"\n\n#rubric[{t.children(node)}]\n\n"


@writes("rubric")
def rubric(t: Translator, node: nodes.rubric) -> str:
    """Write a heading that is not in the contents."""
    if node.astext().strip() == "Footnotes":
        return ""
    t.wait(node)
    return f"\n\n#rubric[{t.anchors()}{t.children(node).strip()}]\n\n"


@writes("transition")
def transition(t: Translator, node: nodes.transition) -> str:
    """Write an ornament between two parts of a text."""
    if _only_footnotes_follow(node):
        return ""
    return "\n\n#ornament\n\n"


def _only_footnotes_follow(node: nodes.Element) -> bool:
    following = node.parent.children[node.parent.index(node) + 1 :]
    return all(isinstance(n, nodes.footnote | nodes.comment | nodes.rubric) for n in following)


# -- text ----------------------------------------------------------------------------------


@writes("paragraph", "compact_paragraph", "line_paragraph")
def paragraph(t: Translator, node: nodes.paragraph) -> str:
    """Write a paragraph; its anchors stand at its first word."""
    t.wait(node)
    anchors = t.anchors()
    body = t.children(node).strip()
    if not body and not anchors:
        return ""
    return f"\n\n{anchors}{body}\n\n"


@writes("block_quote")
def block_quote(t: Translator, node: nodes.block_quote) -> str:
    """Write a quotation, with its source if there is one."""
    return f"\n\n#quotation{t.body(node)}\n\n"


@writes("attribution")
def attribution(t: Translator, node: nodes.attribution) -> str:
    """Write the source of a quotation."""
    return f"\n\n#attribution{t.body(node)}\n\n"


@writes("line_block")
def line_block(t: Translator, node: nodes.line_block) -> str:
    """Write lines that keep their breaks."""
    t.wait(node)
    lines = []
    for child in node.children:
        inner = t.write(child).strip()
        lines.append(f"#h(1.5em){inner}" if isinstance(child, nodes.line_block) else inner)
    return f"\n\n{t.anchors()}{' #linebreak() '.join(lines)}\n\n"


@writes("line")
def line(t: Translator, node: nodes.line) -> str:
    """Write one line of a line block."""
    return t.children(node)


@writes("literal_block", "doctest_block")
def literal_block(t: Translator, node: nodes.literal_block) -> str:
    """Write a listing."""
    language = node.get("language", "")
    known = {"ipython3": "python", "ipython": "python", "python3": "python", "console": "bash"}
    known |= {"none": "", "text": "", "myst-ansi": "", "ipythontb": "", "default": ""}
    t.wait(node)
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", node.astext()).rstrip()
    name = "output" if "output" in node["classes"] else "listing"
    language = known.get(language, language)
    return f"\n\n{t.anchors()}#{name}({string(language)}, {string(text)})\n\n"


@writes("math_block")
def math_block(t: Translator, node: nodes.math_block) -> str:
    """Write a displayed formula with the number that Sphinx gave it; a long system by rows."""
    said, source = formula(t, node)
    if not source:
        return ""
    number = t.page.numbers.float("displaymath", node["ids"]) or str(node.get("number") or "")
    given = f"{string(number)}, {string(t.own_label(node))}"
    if len(said) == 1:
        return f"\n\n{t.anchors()}#bm({string(said[0].words)}, {given}, $ {source} $)\n\n"
    rows = (
        f"({string(row.words)}, $ {t.page.formulas(row.left) if row.left else ''} $,"
        f" $ {t.page.formulas(row.latex)} $)"
        for row in said
    )
    return f"\n\n{t.anchors()}#system({given}, {', '.join(rows)})\n\n"


# -- lists ---------------------------------------------------------------------------------


def _items(t: Translator, node: nodes.Element) -> tuple[str, bool]:
    items = []
    tight = True
    for item in node.children:
        assert isinstance(item, nodes.Element)
        blocks = [c for c in item.children if isinstance(c, nodes.Element)]
        tight = tight and sum(isinstance(c, nodes.paragraph) for c in blocks) <= 1
        items.append(t.body(item))
    return ", ".join(items), tight


@writes("bullet_list")
def bullet_list(t: Translator, node: nodes.bullet_list) -> str:
    """Write a list with bullets, or a list of references as hanging paragraphs."""
    t.wait(node)
    items, tight = _items(t, node)
    if "hw-reference-list" in node["classes"]:
        return f"\n\n#references({items})\n\n"
    return f"\n\n#list(tight: {str(tight).lower()}, {items})\n\n"


_NUMBERING = {
    "arabic": "1",
    "loweralpha": "a",
    "upperalpha": "A",
    "lowerroman": "i",
    "upperroman": "I",
}


@writes("enumerated_list")
def enumerated_list(t: Translator, node: nodes.enumerated_list) -> str:
    """Write a numbered list with its own kind of number."""
    t.wait(node)
    items, tight = _items(t, node)
    numbering = (
        node.get("prefix", "")
        + _NUMBERING.get(node.get("enumtype", "arabic"), "1")
        + node.get("suffix", ".")
    )
    return (
        f"\n\n#enum(tight: {str(tight).lower()}, start: {node.get('start', 1)}, "
        f"numbering: {string(numbering)}, {items})\n\n"
    )


@writes("list_item")
def list_item(t: Translator, node: nodes.list_item) -> str:
    """Write an item outside a list as its content."""
    return t.children(node)


@writes("definition_list", "field_list", "option_list")
def definition_list(t: Translator, node: nodes.Element) -> str:
    """Write terms with what they mean."""
    t.wait(node)
    items = "".join(_definition(t, item) for item in node.children)
    return f"\n\n#definitions({items})\n\n"


def _definition(t: Translator, item: nodes.Element) -> str:
    terms, meanings = [], []
    for part in item.children:
        if isinstance(part, nodes.term | nodes.field_name | nodes.option_group):
            t.wait(part)
            terms.append(t.anchors() + t.children(part).strip())
        elif isinstance(part, nodes.classifier):
            terms[-1] += f" #emph[{t.children(part)}];"
        else:
            t.wait(part)
            meanings.append(t.flow(part.children))
    term = ", ".join(terms)
    return f"([{term}], {content(''.join(meanings))}), "


@writes("option_string", "option_argument", "option", "term", "definition", "description")
def plain_part(t: Translator, node: nodes.Element) -> str:
    """Write a part of a definition as its content."""
    return t.children(node)


# -- figures -------------------------------------------------------------------------------


@writes("figure")
def figure(t: Translator, node: nodes.figure) -> str:
    """Write a figure with number, caption and label."""
    pictures = [c for c in node.children if not isinstance(c, nodes.caption | nodes.legend)]
    kind = "figure"
    number = t.page.numbers.float(kind, node["ids"])
    label = t.own_label(node)
    caption = caption_of(t, node)
    anchors = t.anchors()
    images = [i for p in pictures for i in p.findall(nodes.image)]
    if len(pictures) == 1 and len(images) == 1:
        body = picture(t, images[0])
        if not body:
            return ""
    else:
        inner = "".join(t.write(c) for c in pictures).strip()
        body = f"[{inner}]"
        if not inner:
            t.problem("a figure is empty: nothing in it can be printed", node)
            return ""
    legend = "".join(t.children(c) for c in node.children if isinstance(c, nodes.legend))
    wide = ", wide: true" if "hw-wide" in node["classes"] else ""
    if number:
        t.figures.append((number, label, _first_sentence(t, node)))
    return (
        f"\n\n#fig({body}, key: {string(t.key())}, "
        f"number: {string(number)}, label-name: {string(label)}, "
        f"supplement: {string(_supplement(t, kind))}, "
        f"legend: {content(legend)}{wide}, inset: {str(t.depth_in_box > 0).lower()}"
        f"{', stays: true' if t.in_model else ''})"
        f"{content(anchors + caption)}\n\n"
    )


def _supplement(t: Translator, kind: str) -> str:
    return t.page.numbers.formats.get(kind, "Figure %s").replace("%s", "").strip()


def caption_of(t: Translator, node: nodes.Element) -> str:
    """Write a caption."""
    for child in node.children:
        if isinstance(child, nodes.caption | nodes.title):
            t.wait(child)
            return t.children(child).strip()
    return ""


def _first_sentence(t: Translator, figure: nodes.figure) -> str:
    """Write the first sentence of a caption without links, notes and anchors."""
    captions = [child for child in figure.children if isinstance(child, nodes.caption)]
    written = ""
    with t.using(plain=True):
        for child in captions[0].children if captions else ():
            if isinstance(child, nodes.Text):
                text = child.astext()
                end = re.search(r"(?<=[a-z0-9\u2019\u201d)%][.?])\s", text.replace("\n", " ") + " ")
                if end and not re.search(r"\b(?:et al|vs|e\.g|i\.e|ca)\.$", text[: end.start()]):
                    return (written + escape(text[: end.start()])).strip().rstrip(".")
            written += t.write(child)
    return written.strip().rstrip(".")


@writes("caption", "legend")
def caption(t: Translator, node: nodes.Element) -> str:
    """Write a caption outside a figure (over a listing) as a small paragraph."""
    return f"\n\n#small-caption{t.body(node)}\n\n"
