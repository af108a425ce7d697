"""``{models} wounds``: the models of a chapter as a catalogue; ``{models-summary}``: their count.

A model that a chapter shows is linked there; one that no chapter shows has its equations here.
Targets are measured by ``python -m hardwired.pages.directives.model_catalogue``, which writes
``model-targets.json`` beside the catalogue: some take minutes, too long for a build of the book.
A target that was declared, and not measured since, stops the build.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired import models
from hardwired.house.numbers import number_words
from hardwired.house.units import quantity_words, unit_words
from hardwired.models.declaration import Target
from hardwired.models.exports import equations
from hardwired.models.model import Model
from hardwired.pages.building.notes import notes
from hardwired.pages.directives.base import Cell, HwDirective
from hardwired.pages.directives.model import KINDS
from hardwired.pages.directives.model_files import model_file

MEASURED = "back/model-targets.json"
MEASURE = "python -m hardwired.pages.directives.model_catalogue book"
TARGET_KINDS = {
    "printed": "printed in a paper",
    "published-model-file": "public model file",
    "independent-run": "run of another program",
    "closed-form": "closed form",
    "calibrated": "calibrated",
}
"""How a target's kind is written."""
STATUSES = {"seen": "seen in the source", "computed": "computed from such", "assumed": "assumed"}


Result = dict[str, Any]


def _declared(target: Target) -> tuple[str, str]:
    """Return what of a target a measurement depends on, as text; its words may be mended."""
    allowed = f"{target.tolerance:g}{' of it' if target.relative else ''}"
    return target.kind, f"{target.value:.9g} ± {allowed}"


def measure(book: Path) -> Path:
    """Measure every target of every model and write the results; return the file."""
    results: dict[str, list[Result]] = {}
    for name, model in models.catalog().items():
        results[name] = []
        for result in model.check_targets():
            kind, value = _declared(result.target)
            number = None if math.isnan(result.measured) else float(f"{result.measured:.6g}")
            found = {"what": result.target.what, "kind": kind, "value": value}
            results[name].append({**found, "measured": number, "met": bool(result.met)})
    path = book / MEASURED
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def measured(book: Path) -> dict[str, list[Result]]:
    """Return the stored measurements, by model."""
    path = book / MEASURED
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def results_of(model: Model, stored: list[Result]) -> list[Result | None]:
    """Return the stored result of each target of a model, in their order; None if it has none.

    A result belongs to a target of the same kind, value and tolerance; of several such, to the
    one with the same words, or else to the first that is left.
    """
    left = list(stored)
    found: list[Result | None] = []
    for target in model.targets:
        alike = [r for r in left if (r["kind"], r["value"]) == _declared(target)]
        same = [r for r in alike if r["what"] == target.what]
        result = next(iter(same or alike), None)
        if result is not None:
            left.remove(result)
        found.append(result)
    return found


def shown(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return where models are shown: by page, the anchor of each model's figure."""
    return notes(env, "models")


class model_place(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """A place for a link to where a chapter shows a model, or for its equations."""


class ModelsDirective(HwDirective):
    """The models of one chapter's module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-catalogue-model`` a model."""
        module = self.arguments[0].strip()
        if module not in models.CHAPTERS:
            raise self.error(f"no module {module!r}; write one of {', '.join(models.CHAPTERS)}")
        catalogue = models.catalog()
        self.env.note_dependency(str(Path(self.env.srcdir, MEASURED)))
        for source in models.sources(module):
            self.env.note_dependency(str(source))
        results = measured(Path(self.env.srcdir))
        return [
            self._entry(model, results_of(model, results.get(name, [])))
            for name, model in catalogue.items()
            if name.split("-")[0] == module
        ]

    def _entry(self, model: Model, results: list[Result | None]) -> nodes.section:
        entry = nodes.section(ids=[f"catalogue-{model.name}"], classes=["hw-catalogue-model"])
        entry["names"].append(f"catalogue-{model.name}")
        self.state.document.note_explicit_target(entry, entry)
        self.set_source_info(entry)
        title = nodes.title("", "", nodes.Text(model.title))
        self.set_source_info(title)
        entry += title
        papers = ",".join(model.paper)
        source = f" After {{cite:t}}`{papers}`." if papers else ""
        teaching = f" {model.teaching.rstrip('.')}." if model.teaching else ""
        entry += self.said(f"{KINDS[model.kind]}.", f"`{model.name}`.{source}{teaching}")
        place = model_place(model=model.name)
        if model.latex():
            latex = model.latex()
            block = nodes.math_block(latex, latex, number=None, label=None)
            block["docname"], block["nowrap"] = self.env.docname, False
            self.set_source_info(block)
            place += block
        entry += place
        if model.states:
            entry += self.said("States:", self._states(model))
        entry += self.said("Parameters:", self._parameters(model))
        for target, result in zip(model.targets, results, strict=True):
            if result is None:
                raise self.error(
                    f"target {target.what!r} of {model.name} was not measured as it is declared; "
                    f"run `{MEASURE}` and commit {MEASURED}"
                )
        entry += self._targets(model, results)
        entry += self.said("What it leaves out:", model.leaves_out)
        if model.kind in ("ODE", "delay"):
            entry += model_file(model=model.name)
        return entry

    def _states(self, model: Model) -> list[nodes.Node]:
        spelled = equations.names(model)
        parts: list[nodes.Node] = []
        for state in model.states:
            symbol = spelled[state.symbol]
            parts += [nodes.Text("; ")] if parts else []
            parts += [nodes.math(symbol, symbol), nodes.Text(f" {state.label}")]
        return [*parts, nodes.Text(".")]

    def _parameters(self, model: Model) -> list[nodes.Node]:
        spelled = equations.names(model)
        counts = Counter(p.status for p in model.parameters)
        said = ", ".join(f"{counts[s]} {words}" for s, words in STATUSES.items() if counts[s])
        parts: list[nodes.Node] = [nodes.Text(f"{said}. ")]
        for n, p in enumerate(model.parameters):
            value = number_words(p.value, 5)
            if p.value != float("inf"):
                value = _quantity(value, p.unit)
            mark = {"assumed": "*", "computed": "\u2020"}.get(p.status, "")
            end = "." if n == len(model.parameters) - 1 else ", "
            parts += [
                nodes.math(spelled[p.symbol], spelled[p.symbol]),
                nodes.Text(f"\u00a0{value}{mark}{end}"),
            ]
        return parts

    def _targets(self, model: Model, results: list[Result | None]) -> nodes.table:
        rows: list[Sequence[Cell]] = []
        for target, result in zip(model.targets, results, strict=True):
            if target.kind == "own-run" or result is None:
                continue
            off = number_words(target.tolerance, 3)
            if target.relative:
                off = f"{number_words(100 * target.tolerance, 3)} %"
            given = "nothing" if result["measured"] is None else number_words(result["measured"], 4)
            wanted = _quantity(number_words(target.value, 4), target.unit)
            rows.append(
                (
                    target.what,
                    f"{wanted} ± {off}",
                    given,
                    TARGET_KINDS[target.kind],
                    "yes" if result["met"] else "NO",
                )
            )
        heads = ("Target", "Should be", "Is", "Kind", "Met")
        return self.table(
            heads, (40, 16, 16, 16, 12), rows, classes=["hw-model-table", "hw-targets"]
        )


class SummaryDirective(HwDirective):
    """How many models of which kind there are, and how many targets of which kind are met."""

    def run(self) -> list[nodes.Node]:
        """Return a table of target kinds."""
        self.env.note_dependency(str(Path(self.env.srcdir, MEASURED)))
        results = measured(Path(self.env.srcdir))
        counts: Counter[str] = Counter()
        met: Counter[str] = Counter()
        within: dict[str, set[str]] = {kind: set() for kind in TARGET_KINDS}
        for name, model in models.catalog().items():
            found = results_of(model, results.get(name, []))
            for target, result in zip(model.targets, found, strict=True):
                counts[target.kind] += 1
                within[target.kind].add(name)
                met[target.kind] += bool(result and result["met"])
        rows = [
            (words, str(len(within[kind])), str(counts[kind]), str(met[kind]))
            for kind, words in TARGET_KINDS.items()
        ]
        heads = ("Kind of target", "Models", "Targets", "Met")
        return [self.table(heads, (30, 20, 20, 20), rows, classes=["hw-model-table", "hw-summary"])]


def _quantity(number: str, unit: str) -> str:
    """Return a number with its unit in words, in the plural where that is due."""
    words = unit_words(unit) if unit else "1"
    return quantity_words(number, "1" if words in ("", "\u2013") else words)


class PlaceModels(SphinxPostTransform):
    """Link a model to the chapter that shows it, or leave its equations in the catalogue."""

    def run(self, **kwargs: Any) -> None:
        """Replace every :class:`model_place`."""
        for place in list(self.document.findall(model_place)):
            found = where(self.env, place["model"])
            if found is None:
                place.replace_self(list(place.children))
                continue
            page, anchor = found
            numbers = self.env.toc_fignumbers.get(page, {}).get("figure", {}).get(anchor)
            words = f"Figure {'.'.join(map(str, numbers))}" if numbers else "its chapter"
            link = nodes.reference("", words, internal=True)
            link["refuri"] = f"{self.app.builder.get_relative_uri(self.env.docname, page)}#{anchor}"
            said = nodes.paragraph(
                "", "", nodes.strong("", "Equations and table:"), nodes.Text(" ")
            )
            said += link
            said += nodes.Text(".")
            place.replace_self(said)


def where(env: BuildEnvironment, model: str) -> tuple[str, str] | None:
    """Return page and anchor of the first chapter that shows a model."""
    pages = sorted(page for page, names in shown(env).items() if model in names)
    return (pages[0], shown(env)[pages[0]][model]) if pages else None


def note_shown(app: Sphinx, doctree: nodes.document) -> None:
    """Note which models a page shows, and under which anchor."""
    found = {
        figure["hw-model"]: figure["ids"][0]
        for figure in doctree.findall(nodes.figure)
        if figure.get("hw-model") and figure["ids"]
    }
    shown(app.env)[app.env.docname] = found


if __name__ == "__main__":
    print(measure(Path(sys.argv[1])))
