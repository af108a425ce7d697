"""Handlers of what stands inside a line: emphasis, links, formulas, footnotes."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes

from hardwired.formulas import FormulaError
from hardwired.formulas.systems import Equation, equations
from hardwired.press.escape import content, escape, string
from hardwired.press.registry import writes
from hardwired.press.translator import Translator

__all__ = ["formula", "short_address"]

_WRAPPERS = {
    "emphasis": "emph",
    "literal_emphasis": "emph",
    "title_reference": "emph",
    "strong": "strong",
    "literal_strong": "strong",
    "subscript": "sub",
    "superscript": "super",
}


@writes(*_WRAPPERS)
def wrapped(t: Translator, node: nodes.TextElement) -> str:
    """Write emphasis and its kin."""
    t.wait(node)
    name = next(_WRAPPERS[k.__name__] for k in type(node).__mro__ if k.__name__ in _WRAPPERS)
    return f"{t.anchors()}#{name}[{t.children(node)}];"


@writes("literal")
def literal(t: Translator, node: nodes.literal) -> str:
    """Write code inside a line."""
    return f"#codeword({string(node.astext())});"


@writes("inline", "generated", "abbreviation", "acronym", "desc_sig_space")
def inline(t: Translator, node: nodes.inline) -> str:
    """Write a span; a few classes have a look of their own."""
    t.wait(node)
    body = t.anchors() + t.children(node)
    for name in ("hw-box-kind", "hw-claim-number", "hw-claim-verdict", "guilabel"):
        if name in node["classes"]:
            return f"#span({string(name)})[{body}];"
    return body


@writes("target")
def target(t: Translator, node: nodes.target) -> str:
    """Leave an anchor."""
    t.wait(node)
    inside = isinstance(node.parent, nodes.TextElement)
    return (t.anchors() if inside else "") + t.children(node)


@writes("math")
def math(t: Translator, node: nodes.math) -> str:
    """Write a formula inside a line."""
    said, source = formula(t, node)
    return f"#im({string(said[0].words)}, ${source}$);" if source else ""


def formula(t: Translator, node: nodes.Element) -> tuple[list[Equation], str]:
    """Give what is said of a formula, and its Typst source; a bad one is reported and left out."""
    tex, said, source = node.astext(), [Equation(node.astext(), "")], ""
    try:
        said = equations(tex, node.get("alt") or t.page.say(tex), t.page.say)
    except FormulaError as error:
        t.problem(str(error), node)
    try:
        source = t.page.formulas(tex)
    except FormulaError as error:
        t.problem(str(error), node)
    return said, source


@writes("footnote_reference")
def footnote_reference(t: Translator, node: nodes.footnote_reference) -> str:
    """Write the note itself at its first reference, its number at the next ones."""
    if t.plain:
        return ""
    note_id = node["refid"]
    note = t.footnotes.get(note_id)
    if note is None:
        t.problem(f"footnote '{node.astext()}' has no text", node)
        return ""
    label = t.label(note_id)
    if note_id in t.footnotes_done:
        return f"#footnote(label({string(label)}));"
    t.footnotes_done.add(note_id)
    t.claim(label, note)
    with t.using(in_note=True):
        body = t.flow([child for child in note.children if not isinstance(child, nodes.label)])
    return f"#[#footnote[{body}]#label({string(label)})];"


def short_address(uri: str) -> str:
    """Give an address as it is printed: without scheme, ``www.`` and a closing stroke."""
    return re.sub(r"^(?:https?://|mailto:)(?:www\.)?", "", uri).rstrip("/")


def _says_its_address(text: str, uri: str) -> bool:
    def bare(address: str) -> str:
        address = short_address(unquote(address.strip())).lower()
        return re.sub(r"^(?:doi\.org/|doi:\s*)", "", address)

    return bare(text) == bare(uri)


_WITHOUT_PAGE = {"std-term", "eq", "bibtex", "index"}


def _shows_page(node: nodes.reference, label: str, t: Translator) -> bool:
    """Whether the page that a link leads to is printed: not for what stands in the same section."""
    if t.in_table or label in t.page.citations or t.section_of(node) is t.section_at(label):
        return False
    classes = set(node["classes"])
    for child in node.findall(nodes.Element):
        classes.update(child.get("classes", ()))
    return not classes & _WITHOUT_PAGE


@writes("reference", "number_reference")
def reference(t: Translator, node: nodes.reference) -> str:
    """Write a link: into the book with its page, out of it with a short address."""
    body = t.children(node)
    if t.plain or not (node.get("refuri") or node.get("refid")):
        return body
    uri = unescape(node.get("refuri", ""))
    if node.get("refid"):
        uri = "%" + t.label(node["refid"])
    if uri.startswith("%"):
        if work := t.page.one_list.get(uri[1:]):
            t.links.setdefault(uri[1:], node)
            return f"#cited({string(uri[1:])}, {string(t.link_to(work, node))})[{body}];"
        label = t.link_to(uri, node)
        paged = ", paged: true" if _shows_page(node, label, t) else ""
        return f"#xref({string(label)}{paged})[{body}];"
    if uri.startswith("#"):
        return f"#xref({string(t.link_to(t.label(uri[1:]), node))})[{body}];"
    if _says_its_address(node.astext(), uri):
        return f"#ext({string(uri)})[#spelled[{body}]];"
    short = short_address(uri)
    if t.in_note or t.in_table:
        return f"#ext({string(uri)})[{body}]; (#address({string(short)});)"
    return f"#ext({string(uri)}, short: {string(short)})[{body}];"


@writes("download_reference")
def download(t: Translator, node: addnodes.download_reference) -> str:
    """Write the name of a file that readers of the web page can download."""
    return t.children(node)


@writes("pending_xref")
def unresolved(t: Translator, node: addnodes.pending_xref) -> str:
    """Report a reference that Sphinx could not resolve."""
    t.problem(f"reference to '{node.get('reftarget')}' leads nowhere", node)
    return t.children(node)


@writes("image")
def image(t: Translator, node: nodes.image) -> str:
    """Write a picture that stands alone, in a line or as a block."""
    markup = picture(t, node)
    if not markup:
        return ""
    t.wait(node)
    if isinstance(node.parent, nodes.TextElement):
        return f"{t.anchors()}#box({markup});"
    return f"\n\n{t.anchors()}#lone-picture({markup});\n\n"


def picture(t: Translator, node: nodes.image) -> str:
    """Give the Typst call that draws an image, without ``#``; empty if it cannot be drawn."""
    path = t.page.image(node)
    alt = (node.get("alt") or "").strip()
    if path is None:
        t.problem(f"image '{node.get('uri')}' is missing", node)
        return ""
    if not alt or alt == node.get("uri"):
        t.problem(f"image '{node.get('uri')}' has no alternative text: say what it shows", node)
        return ""
    arguments = [string(path), f"alt: {string(' '.join(alt.split()))}"]
    width = _length(str(node.get("width", "")))
    if width:
        arguments.append(f"width: {width}")
    return f"pic({', '.join(arguments)})"


def _length(value: str) -> str:
    """Translate a docutils length; px are CSS pixels."""
    match = re.fullmatch(r"([\d.]+)\s*(px|pt|em|cm|mm|in|%|)", value.strip())
    if not match:
        return ""
    number, unit = match.groups()
    if unit in ("px", ""):
        return f"{float(number) * 0.75:g}pt"
    return f"{float(number):g}{unit}"


@writes("raw")
def raw(t: Translator, node: nodes.raw) -> str:
    """Keep raw Typst; drop raw code of other formats, if something else carries its content."""
    formats = node.get("format", "").split()
    if "typst" in formats:
        return str(node.astext())
    if not node.astext().strip() or node.astext().lstrip().startswith(("<!--", "<br")):
        return ""
    ancestor: nodes.Node | None = node
    while isinstance(ancestor, nodes.Element):
        if any(name.startswith("hw-") for name in ancestor.get("classes", ())):
            return ""
        if ancestor.get("nb_element"):
            return ""
        ancestor = ancestor.parent
    t.problem(f"raw {'/'.join(formats)} stands alone: print has nothing in its place", node)
    return ""


@writes(
    "comment",
    "substitution_definition",
    "meta",
    "index",
    "tabular_col_spec",
    "pending",
    "system_message",
    "highlightlang",
    "acks",
    "start_of_file",
    "docinfo",
    "label",
)
def silent(t: Translator, node: nodes.Element) -> str:
    """Write nothing: these carry no text of the book."""
    t.wait(node)
    return ""


@writes("problematic")
def problematic(t: Translator, node: nodes.problematic) -> str:
    """Report markup that docutils could not read."""
    t.problem(f"markup that could not be read: {escape(node.astext())}", node)
    return ""


def argument(t: Translator, node: nodes.Element) -> str:
    """Write a node's children as one content argument."""
    return content(t.children(node))
