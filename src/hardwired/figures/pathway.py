"""The pathway of a chapter: who acts on whom, with which sign, and how it is known.

Read from ``data/pathways/NAME.yml`` (the format is in ``data/README.md``) and drawn in the
activity-flow notation of the Systems Biology Graphical Notation, brain above and body below.
What does not live here: the map of the whole book, :mod:`hardwired.figures.body_map`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hardwired.figures import shapes, style

__all__ = [
    "Edge",
    "Node",
    "Pathway",
    "PathwayError",
    "corners",
    "load",
    "names",
    "node",
    "pathway",
    "sources",
]

_FOLDER = Path(__file__).parent / "data" / "pathways"
_SIDES = ("top", "bottom", "left", "right")
_EVIDENCE = ("human", "animal", "cell")
_SIZE = shapes.SIZE
_LEGEND = 0.86
_CLEAR = 0.04

Point = tuple[float, float]


class PathwayError(ValueError):
    """A pathway file is missing or says something that cannot be drawn."""


@dataclass(frozen=True)
class Node:
    """A thing that acts or is acted upon; place and size in inches, origin at the lower left."""

    id: str
    label: str
    kind: str
    x: float
    y: float
    width: float
    height: float

    def side(self, name: str, at: float | None) -> Point:
        """Give the point where an edge meets a side, ``at`` being its x or its y."""
        if name in ("top", "bottom"):
            sign = 1 if name == "top" else -1
            return (self.x if at is None else at, self.y + sign * self.height / 2)
        sign = 1 if name == "right" else -1
        notch = shapes.NOTCH if self.kind == "drug" and at is None else 0.0
        return (self.x + sign * (self.width / 2 - notch), self.y if at is None else at)

    def overlaps(self, left: float, right: float, low: float, high: float) -> bool:
        """Tell whether the node comes nearer than a hair to a rectangle."""
        return (
            left < self.x + self.width / 2 + _CLEAR
            and right > self.x - self.width / 2 - _CLEAR
            and low < self.y + self.height / 2 + _CLEAR
            and high > self.y - self.height / 2 - _CLEAR
        )


@dataclass(frozen=True)
class Edge:
    """An influence of one node on another, with its evidence and the corners of its line."""

    source: str
    target: str
    sign: str
    evidence: str
    contested: bool
    references: tuple[str, ...]
    note: str
    points: tuple[Point, ...]
    mark: Point | None

    @property
    def dashed(self) -> bool:
        """Whether the influence has been shown only in animals or cells."""
        return self.evidence != "human"


@dataclass(frozen=True)
class Pathway:
    """A chapter's pathway as its file gives it."""

    name: str
    title: str
    height: float
    map: tuple[str, ...]
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    notes: tuple[tuple[float, float, str], ...]


def names() -> list[str]:
    """List the pathways that exist, in the order of the chapters."""
    return sorted(path.stem for path in _FOLDER.glob("*.yml"))


def sources(name: str) -> list[Path]:
    """List the files that a drawing depends on, for builders that redraw what has changed."""
    here = Path(__file__).parent
    return [_file(name), here / "pathway.py", here / "shapes.py", here / "style.py"]


def _file(name: str, folder: Path | None = None) -> Path:
    path = (folder or _FOLDER) / f"{name}.yml"
    if not path.is_file():
        known = ", ".join(names())
        raise PathwayError(f"pathway '{name}' has no file {path.name}; there are: {known}")
    return path


def load(name: str, folder: Path | None = None) -> Pathway:
    """Read and check a pathway.

    Parameters
    ----------
    name
        Chapter, such as ``"05-wounds"``.
    folder
        Where the file is; by default the package's own data.

    Returns
    -------
    Pathway
        Nodes and edges with their places.

    Raises
    ------
    PathwayError
        If there is no such file, or an entry of it is wrong or would overlap another; the message
        names file and entry.
    """
    path = _file(name, folder)
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise PathwayError(f"{path.name}: not valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise PathwayError(f"{path.name}: needs the keys title, height, nodes and edges")
    for key in ("title", "height", "nodes", "edges"):
        if key not in data:
            raise PathwayError(f"{path.name}: needs the key '{key}'")
    nodes = {key: node(path.name, key, value) for key, value in data["nodes"].items()}
    edges = tuple(
        _edge(f"{path.name}: edge {number}", entry, nodes)
        for number, entry in enumerate(data["edges"], 1)
    )
    notes = tuple((float(x), float(y), str(words)) for x, y, words in data.get("notes", []))
    found = Pathway(
        name, data["title"], float(data["height"]), tuple(data.get("map", ())), nodes, edges, notes
    )
    for complaint in overlaps(found):
        raise PathwayError(f"{path.name}: {complaint}")
    return found


def node(file: str, key: str, entry: dict[str, Any]) -> Node:
    """Check one node of a file and give it; ``file`` and ``key`` name it in errors."""
    place = f"{file}: node '{key}'"
    if not isinstance(entry, dict) or not {"label", "kind", "at"} <= entry.keys():
        raise PathwayError(f"{place} needs label, kind and at")
    if entry["kind"] not in shapes.KINDS:
        kinds = ", ".join(shapes.KINDS)
        raise PathwayError(f"{place} has the kind '{entry['kind']}'; choose one of {kinds}")
    x, y = entry["at"]
    width, height = entry.get("size", (0.84, 0.46))
    made = Node(key, str(entry["label"]), entry["kind"], x, y, width, height)
    slack = 0.18 if made.kind in ("nerve", "hormone", "microbe") else 0.12
    if made.kind == "drug":
        slack += 2 * shapes.NOTCH
    room = (width - slack) * 72
    for line in made.label.split("\n"):
        if style.text_width(line, _SIZE) > room:
            raise PathwayError(f"{place}: '{line}' is too wide for a box of {width} in")
    if len(made.label.split("\n")) * _SIZE * 1.3 > height * 72:
        raise PathwayError(f"{place}: its label has too many lines for a box of {height} in")
    return made


_EDGE_KEYS = frozenset(
    [
        "from",
        "to",
        "sign",
        "evidence",
        "contested",
        "references",
        "note",
        "leave",
        "enter",
        "via",
        "mark",
    ]
)


def _edge(place: str, entry: dict[str, Any], nodes: dict[str, Node]) -> Edge:
    if not isinstance(entry, dict) or not {"from", "to", "sign", "evidence"} <= entry.keys():
        raise PathwayError(f"{place} needs from, to, sign, evidence and references")
    source, target = entry["from"], entry["to"]
    place = f"{place} ({source} to {target})"
    unknown = sorted(entry.keys() - _EDGE_KEYS)
    if unknown:
        raise PathwayError(f"{place} has the unknown key '{unknown[0]}'")
    for end in (source, target):
        if end not in nodes:
            raise PathwayError(f"{place}: there is no node '{end}'")
    if entry["sign"] not in ("+", "-"):
        raise PathwayError(f"{place} has the sign '{entry['sign']}'; write '+' or '-', quoted")
    if entry["evidence"] not in _EVIDENCE:
        raise PathwayError(f"{place} has evidence '{entry['evidence']}'; choose of {_EVIDENCE}")
    if not entry.get("references"):
        raise PathwayError(f"{place} has no references; an influence without a source is not drawn")
    points = corners(place, entry, nodes[source], nodes[target])
    contested = bool(entry.get("contested", False))
    spot = tuple(entry["mark"]) if "mark" in entry else _middle(points)
    return Edge(
        source,
        target,
        entry["sign"],
        entry["evidence"],
        contested,
        tuple(entry["references"]),
        str(entry.get("note", "")),
        points,
        spot if contested else None,
    )


def corners(place: str, entry: dict[str, Any], source: Node, target: Node) -> tuple[Point, ...]:
    """Give the corners of a line from its keys ``leave``, ``via`` and ``enter``."""
    return (
        _meeting(place, source, entry.get("leave", "bottom")),
        *((float(x), float(y)) for x, y in entry.get("via", [])),
        _meeting(place, target, entry.get("enter", "top")),
    )


def _meeting(place: str, node: Node, spec: str | list[Any]) -> Point:
    side, at = (spec, None) if isinstance(spec, str) else (spec[0], float(spec[1]))
    if side not in _SIDES:
        raise PathwayError(f"{place}: '{side}' is no side; choose one of {', '.join(_SIDES)}")
    point = node.side(side, at)
    middle, half = (node.x, node.width / 2) if side in _SIDES[:2] else (node.y, node.height / 2)
    if at is not None and abs(at - middle) > half:
        raise PathwayError(f"{place}: {at} lies off the {side} of node '{node.id}'")
    return point


def _middle(points: tuple[Point, ...]) -> Point:
    """Give the middle of the longest stretch."""
    stretches = list(itertools.pairwise(points))
    a, b = max(stretches, key=lambda ab: abs(ab[0][0] - ab[1][0]) + abs(ab[0][1] - ab[1][1]))
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def overlaps(found: Pathway) -> Iterator[str]:
    """Say which nodes touch another node, and which edges run through a node that is not theirs."""
    nodes = list(found.nodes.values())
    for place, one in enumerate(nodes):
        half_w, half_h = one.width / 2, one.height / 2
        box = (one.x - half_w, one.x + half_w, one.y - half_h, one.y + half_h)
        if box[0] < 0 or box[1] > style.WIDTH or box[2] < _LEGEND or box[3] > found.height:
            yield f"node '{one.id}' does not fit on the page or touches the legend"
        for other in nodes[place + 1 :]:
            if other.overlaps(*box):
                yield f"nodes '{one.id}' and '{other.id}' touch"
    for number, edge in enumerate(found.edges, 1):
        for a, b in zip(edge.points, edge.points[1:], strict=False):
            box = (min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]))
            for one in nodes:
                if one.id not in (edge.source, edge.target) and one.overlaps(*box):
                    yield f"edge {number} ({edge.source} to {edge.target}) touches node '{one.id}'"


def pathway(name: str, folder: Path | None = None) -> Figure:
    """Draw the pathway of a chapter.

    Parameters
    ----------
    name
        Chapter, such as ``"05-wounds"``.
    folder
        Where the file is; by default the package's own data.

    Returns
    -------
    matplotlib.figure.Figure
        The diagram with its legend, as wide as the column.

    Raises
    ------
    PathwayError
        As :func:`load`.
    """
    found = load(name, folder)
    figure, ax = style.canvas(found.height)
    for edge in found.edges:
        colour = shapes.LINES[found.nodes[edge.source].kind]
        shapes.arrow(ax, edge.points, colour=colour, sign=edge.sign, dashed=edge.dashed)
        if edge.mark is not None:
            shapes.mark(ax, *edge.mark, colour)
    for one in found.nodes.values():
        shapes.box(ax, one.kind, one.x, one.y, one.width, one.height, one.label, size=_SIZE)
    for x, y, words in found.notes:
        ax.text(x, y, words, fontsize=8.5, color=style.GREY, va="center")
    _legend(ax, found)
    return figure


def _legend(ax: Axes, found: Pathway) -> None:
    """Explain what the drawing uses, and nothing else."""
    kinds = {one.kind for one in found.nodes.values()}
    ax.plot([0.05, style.WIDTH - 0.05], [_LEGEND - 0.04] * 2, color=style.RULE, lw=0.5, ls="-")
    shapes.kind_legend(ax, [kind for kind in shapes.KINDS if kind in kinds], 0.56)
    x = 0.08
    for words, sign, dashed, contested in (
        ("promotes", "+", False, False),
        ("hinders", "-", False, False),
        ("animals or cells only", "+", True, False),
        ("contested", "+", False, True),
    ):
        if not any(
            edge.dashed if dashed else edge.contested if contested else edge.sign == sign
            for edge in found.edges
        ):
            continue
        line = [(x, 0.22), (x + 0.42, 0.22)]
        shapes.arrow(ax, line, colour=style.INK, sign=sign, dashed=dashed)
        if contested:
            shapes.mark(ax, x + 0.15, 0.22, style.INK)
        ax.text(x + 0.5, 0.215, words, fontsize=8.5, va="center")
        x += 0.5 + style.text_width(words, 8.5) / 72 + 0.22
