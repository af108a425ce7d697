"""Handlers of executed code: cells, their inputs and outputs, tables that pandas wrote as HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired.press.promise import HIDDEN_INPUT, HIDDEN_OUTPUT
from hardwired.press.registry import writes
from hardwired.press.translator import Translator

__all__ = ["MIME_PRIORITY", "PrintableOutputs", "html_table"]

MIME_PRIORITY = (
    ("image/svg+xml", 10),
    ("image/png", 20),
    ("image/jpeg", 25),
    ("application/vnd.hardwired.table", 30),
    ("text/latex", 40),
    ("text/markdown", 50),
    ("text/plain", 90),
)
"""Which form of an output is printed, best first."""


@writes("container")
def container(t: Translator, node: nodes.container) -> str:
    """Write a container: a code cell, a component of a design, or simply what it holds."""
    element = node.get("nb_element")
    if element == "cell_code":
        return _cell(t, node)
    if node.get("design_component") == "dropdown":
        return _dropdown(t, node)
    if "literal-block-wrapper" in node["classes"]:
        return _captioned_listing(t, node)
    t.wait(node)
    return t.children(node)


def _cell(t: Translator, node: nodes.container) -> str:
    classes = set(node["classes"])
    t.wait(node)
    parts = []
    for child in node.children:
        element = child.get("nb_element") if isinstance(child, nodes.Element) else None
        hidden = classes & HIDDEN_INPUT and not t.page.show_hidden_input
        if element == "cell_code_source" and hidden:
            continue
        if element == "cell_code_output" and classes & HIDDEN_OUTPUT:
            continue
        parts.append(t.write(child))
    return "".join(parts)


def _dropdown(t: Translator, node: nodes.container) -> str:
    t.wait(node)
    children = list(node.children)
    title = ""
    if children and isinstance(children[0], nodes.rubric):
        title = t.children(children.pop(0)).strip()
    with t.using(depth_in_box=t.depth_in_box + 1):
        body = "".join(t.write(child) for child in children).strip()
    return f"\n\n#note-box([{title}])[{t.anchors()}{body}]\n\n"


def _captioned_listing(t: Translator, node: nodes.container) -> str:
    t.wait(node)
    number = t.page.numbers.float("code-block", node["ids"])
    supplement = t.page.numbers.formats.get("code-block", "Listing %s")
    caption = next((c for c in node.children if isinstance(c, nodes.caption)), None)
    rest = [c for c in node.children if c is not caption]
    words = t.children(caption).strip() if caption is not None else ""
    head = f"#strong[{supplement.replace('%s', number)}] " if number else ""
    return f"\n\n#small-caption[{t.anchors()}{head}{words}]\n\n" + "".join(map(t.write, rest))


class _TableReader(HTMLParser):
    """Read the first table of a piece of HTML as rows of (text, header?, colspan, rowspan)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.head: list[list[list[Any]]] = []
        self.rows: list[list[list[Any]]] = []
        self.caption = ""
        self.found = False
        self._in_head = False
        self._cell: list[Any] | None = None
        self._silent = 0
        self._in_caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "table":
            self.found = True
        elif tag in ("style", "script"):
            self._silent += 1
        elif tag == "thead":
            self._in_head = True
        elif tag == "caption":
            self._in_caption = True
        elif tag == "tr":
            (self.head if self._in_head else self.rows).append([])
        elif tag in ("td", "th"):
            spans = (int(values.get(name) or 1) for name in ("colspan", "rowspan"))
            self._cell = ["", tag == "th", *spans]
            rows = self.head if self._in_head else self.rows
            if not rows:
                rows.append([])
            rows[-1].append(self._cell)
        elif tag == "br" and self._cell is not None:
            self._cell[0] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._silent -= 1
        elif tag == "thead":
            self._in_head = False
        elif tag == "caption":
            self._in_caption = False
        elif tag in ("td", "th"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._in_caption:
            self.caption += data
        elif self._cell is not None:
            self._cell[0] += data


def _is_number(text: str) -> bool:
    stripped = text.strip().rstrip("%").replace("−", "-").replace(",", "")
    try:
        float(stripped)
    except ValueError:
        return stripped in ("", "NaN", "nan", "–", "-")
    return True


def html_table(html: str) -> nodes.table | None:
    """Read an HTML table, such as pandas writes, as a docutils table.

    Parameters
    ----------
    html : str
        A piece of HTML.

    Returns
    -------
    docutils.nodes.table or None
        None if there is no table in it, or one without a header row. Rows of a header that
        hold only the index name of pandas are merged into the row above.
    """
    reader = _TableReader()
    reader.feed(html)
    if not reader.found or not reader.head or not reader.rows:
        return None
    head, rows = reader.head, reader.rows
    if len(head) == 2 and all(cell[2] == 1 for row in head for cell in row):
        upper, lower = head
        if len(upper) == len(lower) and all(
            not (a[0].strip() and b[0].strip()) for a, b in zip(upper, lower, strict=True)
        ):
            head = [[[a[0].strip() or b[0], *a[1:]] for a, b in zip(upper, lower, strict=True)]]
    count = max(sum(cell[2] for cell in row) for row in [*head, *rows])
    numeric = [
        all(_is_number(row[i][0]) for row in rows if len(row) == count) for i in range(count)
    ]
    tgroup = nodes.tgroup(cols=count)
    tgroup += [nodes.colspec(colwidth=1) for _ in range(count)]
    tgroup += nodes.thead("", *(_docutils_row(row, numeric) for row in head))
    tgroup += nodes.tbody("", *(_docutils_row(row, numeric) for row in rows))
    table = nodes.table("", tgroup, classes=["hw-output-table"])
    if reader.caption.strip():
        table.insert(0, nodes.title("", reader.caption.strip()))
    return table


def _docutils_row(cells: list[list[Any]], numeric: list[bool]) -> nodes.row:
    row = nodes.row()
    complete = len(cells) == len(numeric)
    for position, (text, _, colspan, rowspan) in enumerate(cells):
        entry = nodes.entry("", nodes.paragraph("", text.strip()))
        if colspan > 1:
            entry["morecols"] = colspan - 1
        if rowspan > 1:
            entry["morerows"] = rowspan - 1
        if complete and numeric[position]:
            entry["classes"].append("text-right")
        row += entry
    return row


class PrintableOutputs(SphinxPostTransform):
    """Before myst-nb chooses a form of each output: read HTML tables, drop other HTML."""

    default_priority = 3
    builders = ("typst", "epub")

    def run(self, **kwargs: Any) -> None:
        """Replace ``text/html`` in every bundle of outputs."""
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            for form in list(bundle.children):
                if not isinstance(form, nodes.Element) or form.get("mime_type") != "text/html":
                    continue
                table = html_table("".join(raw.astext() for raw in form.findall(nodes.raw)))
                others = len(bundle.children) > 1
                if table is not None:
                    table.source, table.line = bundle.source, bundle.line
                    form.children = []
                    form += table
                    form["mime_type"] = "application/vnd.hardwired.table"
                elif others:
                    bundle.remove(form)
