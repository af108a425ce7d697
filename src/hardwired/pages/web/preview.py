"""The picture that a shared link shows: title at the left, the map of the book at the right.

It is drawn at build, as large as sites ask for, and no page loads it. What names it stands in
`head`.
"""

from __future__ import annotations

import textwrap
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sphinx.application import Sphinx

from hardwired import figures
from hardwired.figures import style
from hardwired.house.files import write_atomic
from hardwired.house.name import SUBTITLE, TITLE

__all__ = ["FILE", "SIZE", "draw", "write"]

FILE = "_static/preview.png"
#: Width and height in pixels.
SIZE = (1200, 630)
_DPI = 100
_MARGIN = 0.05


def draw() -> bytes:
    """Draw the picture.

    Returns
    -------
    bytes
        A PNG of 1,200 by 630 pixels; the same bytes whenever it is drawn.
    """
    width, height = SIZE
    page = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=style.PAPER)
    canvas = FigureCanvasAgg(page)
    map_ = figures.body_map()
    map_.set_dpi(height * 0.94 / map_.get_figheight())
    map_.patch.set_facecolor(style.PAPER)
    drawn = FigureCanvasAgg(map_)
    drawn.draw()
    picture = np.asarray(drawn.buffer_rgba())
    tall, wide = picture.shape[:2]
    page.figimage(picture, width - wide - 0.02 * width, (height - tall) / 2)
    page.text(_MARGIN, 0.66, TITLE, size=46, weight="bold", color=style.INK)
    for line, words in enumerate(textwrap.wrap(SUBTITLE, 24)):
        page.text(_MARGIN, 0.565 - 0.07 * line, words, size=21, color=style.INK)
    sink = BytesIO()
    with mpl.rc_context({"savefig.dpi": _DPI, "savefig.bbox": "standard"}):
        canvas.print_png(sink, metadata={"Software": None})
    return sink.getvalue()


def write(app: Sphinx, exception: Exception | None) -> None:
    """Lay the picture into the built pages."""
    if not exception and app.builder.name in {"html", "dirhtml"}:
        write_atomic(Path(app.outdir, FILE), draw())
