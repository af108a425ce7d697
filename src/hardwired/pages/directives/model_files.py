"""The SBML of a model, to take away from its entry in the catalogue of the web pages.

The file is written when the page is; print and EPUB have no use for it and show nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from hardwired import models

FOLDER = "models"
"""Where the files lie, beside the pages."""


class model_file(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """A place for a link to the SBML of ``model``."""


class PlaceFiles(SphinxPostTransform):
    """Write the file and link to it, or take the place out."""

    def run(self, **kwargs: Any) -> None:
        """Replace every :class:`model_file`."""
        for place in list(self.document.findall(model_file)):
            if self.app.builder.name not in ("html", "dirhtml"):
                place.parent.remove(place)
                continue
            target = f"{FOLDER}/{place['model']}.xml"
            path = Path(self.app.outdir, target)
            path.parent.mkdir(exist_ok=True)
            path.write_text(models.get(place["model"]).to_sbml(), encoding="utf-8")
            here = self.app.builder.get_target_uri(self.env.docname)
            link = nodes.reference("", path.name, internal=True, refuri=relative_uri(here, target))
            said = nodes.paragraph("", "", nodes.strong("", "SBML:"), nodes.Text(" "), link)
            said += nodes.Text(", for COPASI, libRoadRunner and other simulators.")
            place.replace_self(said)
