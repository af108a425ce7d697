"""The quantitative models of the book, each declared once; no drawing and no Sphinx here.

``catalog()`` gives every model by name.
A model is a `hardwired.models.model.Model` in `MODELS` of one of the modules of `catalogue` that
`CHAPTERS` names, one a chapter; its parameters are a table in `catalogue/data`::

    from hardwired import models
    margin = models.catalog()["wounds-margin"]
    run = margin.simulate(range(60), sigma=0.2)
    run["A"]                                     # open area, mm^2, day by day
    margin.simulate(range(60), sigma=[0, 0.1, 0.2])["A"].shape   # three patients: (3, 60)

To add a model, write its table of parameters (`catalogue/data/README.md` tells the columns) and a
declaration in the module of its chapter (the docstring of `declaration` shows one in full;
`catalogue.wounds` has one of each sort: an ODE with switches, an ODE with a treatment, a
statistical one), and name it in the module's `MODELS`.
Its name begins with the module's name and a hyphen.
Nothing else needs doing: the tests walk through the catalogue and check units, targets, sources,
SBML against libSBML and libRoadRunner, and JavaScript in a browser.
To add a chapter, add its module's name to `CHAPTERS`.

From the bottom up: `declaration` (data only), `engine` (what it means, in numbers), `exports`
(what is made of it) and `analysis` (what can be asked of it), `model` (a declaration with all
these verbs), `catalogue` (the models). Each imports only what stands before it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardwired.models.model import Model

CHAPTERS = (
    "channels",
    "sickness",
    "skin",
    "relaxation",
    "wounds",
    "appetite",
    "hiv",
    "balance",
)


@cache
def declared() -> dict[str, Model]:
    """Give the models of all chapters by name; their modules are imported once."""
    from hardwired.models.errors import DeclarationError

    found: dict[str, Model] = {}
    for chapter in CHAPTERS:
        module = import_module(f"{__name__}.catalogue.{chapter}")
        for model in module.MODELS:
            if model.name in found or not model.name.startswith(f"{chapter}-"):
                raise DeclarationError(
                    "the name is taken or does not begin with the module's name",
                    model=model.name,
                    where=f"module {module.__name__}",
                    mend=f"call it {chapter}-<something new>",
                )
            found[model.name] = model
    return found


def catalog() -> dict[str, Model]:
    """Return every model of the book by name, chapter by chapter."""
    return dict(declared())


def get(name: str) -> Model:
    """Return one model.

    Raises
    ------
    UnknownNameError
        If there is none of this name.
    """
    from hardwired.models.errors import UnknownNameError, nearest

    if name not in declared():
        raise UnknownNameError(
            "there is no such model",
            model=name,
            where="catalogue",
            mend=nearest(name, declared()),
        )
    return declared()[name]


def sources(chapter: str) -> list[Path]:
    """Return the files that declare the models of a chapter, one of `CHAPTERS`."""
    folder = Path(__file__).parent / "catalogue"
    places = (f"{chapter}.py", f"{chapter}/*.py", f"data/{chapter}-*.csv")
    return [path for place in places for path in sorted(folder.glob(place))]
