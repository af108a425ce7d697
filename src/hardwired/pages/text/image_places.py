"""Where an image stands in the sources, for messages that name file and line."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

_FENCE = "```{code-cell}"


def place(image: nodes.Element) -> str | nodes.Element:
    """Give the place of an image for Sphinx's logger.

    Parameters
    ----------
    image
        A node in a doctree.

    Returns
    -------
    str or Element
        ``file:line``; for the output of a cell the line on which the cell's fence stands, since
        the parser counts lines of the notebook that it makes of the page.
    """
    node: nodes.Element | None = image
    known: nodes.Element | None = None
    while node is not None:
        if known is None and node.line and node.source:
            known = node
        if node.get("nb_element") == "cell_code":
            line = _fence_line(node)
            if line:
                return f"{node.source}:{line}"
        node = node.parent
    return image if known is None else f"{known.source}:{known.line}"


def _fence_line(cell: nodes.Element) -> int:
    """Give the line of a cell's fence, or 0 if its source is not shown or not found."""
    if not cell.source or not Path(cell.source).is_file():
        return 0
    text = Path(cell.source).read_text("utf-8")
    for block in cell.findall(nodes.literal_block):
        code = block.astext().strip("\n")
        found = text.find(code)
        fence = text.rfind(_FENCE, 0, found) if code and found >= 0 else -1
        return text.count("\n", 0, fence) + 1 if fence >= 0 else 0
    return 0
