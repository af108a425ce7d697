"""The guest's figures: taken from under their name, else looked for among what a question drew.

It shares a process with the student's code, so all that it says is a claim.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["figure_of", "picture"]


def picture(
    ask: Mapping[str, Any],
    names: Mapping[str, Any],
    asked: set[str],
    drawn: Mapping[int, int],
    job: Mapping[str, Any],
) -> dict[str, Any]:
    """Give the figure that is asked for as PNG.

    Parameters
    ----------
    ask : mapping
        Its ``name``, and the ``cells`` of its question.
    names : mapping
        What the notebook's cells have set.
    asked : set of str
        All answers: what bears another's name is not this one.
    drawn : mapping of int to int
        The cell in which pyplot first knew each of its figures.
    job : mapping
        ``dpi`` is that of the picture.

    Returns
    -------
    dict
        ``png``, with ``found`` where it did not lie under its name; or ``strange`` with what lies
        there in its place; or ``missing``.
    """
    name = ask["name"]
    if (figure := figure_of(names.get(name))) is not None:
        return {"t": "png", "v": _drawn(figure, job["dpi"])}
    for found, where in _others(ask, names, asked, drawn):
        return {"t": "png", "v": _drawn(found, job["dpi"]), "found": where}
    if name in names and names[name] is not None:
        return {"t": "strange", "v": f"a {type(names[name]).__name__}"[:80]}
    return {"t": "missing"}


def figure_of(value: Any) -> Any:
    """Give the figure in what plotting returns: a figure, axes, a pair of both, a grid, a movie."""
    from matplotlib.figure import Figure

    for _ in range(4):
        if type(value) is Figure:
            return value
        if isinstance(value, dict):
            value = list(value.values())
        if type(value).__name__ == "ndarray":
            value = value.ravel().tolist() if value.size <= 100 else None
        if isinstance(value, list | tuple):
            inner = (figure_of(item) for item in value[:100])
            return next((found for found in inner if found is not None), None)
        for attribute in ("figure", "fig", "_fig"):
            inside = getattr(value, attribute, None)
            if inside is not None and not callable(inside):
                value = inside
                break
        else:
            return None
    return value if type(value) is Figure else None


def _others(
    ask: Mapping[str, Any], names: Mapping[str, Any], asked: set[str], drawn: Mapping[int, int]
) -> Iterator[tuple[Any, str]]:
    """Yield figures that may be the one, the last of its own question first."""
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    named = [(n, v) for n, v in list(names.items()) if n not in asked and not n.startswith("_")]
    owned = {id(names[n]) for n in asked if type(names.get(n)) is Figure}
    of = {id(v): n for n, v in reversed(named) if type(v) is Figure}
    mine = set(ask.get("cells", ()))
    for number in sorted((n for n, cell in drawn.items() if cell in mine), reverse=True):
        figure = plt.figure(number) if plt.fignum_exists(number) else None
        if figure is not None and id(figure) not in owned and figure.axes:
            name = of.get(id(figure))
            yield figure, f"under the name {name}" if name else "without a name"
    close = {ask["name"].casefold(), "figure", f"fig_{ask['name']}", "f"}
    for name, value in named:
        if name.casefold() in close and (inside := figure_of(value)) is not None:
            yield inside, f"under the name {name}"


def _drawn(figure: Any, dpi: float) -> str:
    width, height = figure.get_size_inches()
    figure.set_size_inches(min(float(width), 12.0), min(float(height), 12.0))
    sink = io.BytesIO()
    figure.savefig(sink, format="png", dpi=dpi)
    return base64.b64encode(sink.getvalue()).decode()
