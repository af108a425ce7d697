"""``{model} NAME``: a model's equations, its figure, its parameters, and an explorer in HTML.

Everything but the explorer is ordinary docutils, so that it stands in EPUB, in the PDF and where
scripts are off; the explorer is raw HTML that only HTML builders see.
What the explorer needs is made by `hardwired.pages.directives.explorer`.

Options: ``:parameters:`` symbols that get a slider (none: no explorer); ``:outputs:`` what is
drawn (the model's own choice otherwise); ``:tell:`` symbols whose last value the explorer says in
large figures; ``:table: none`` leaves the parameter table out;
``:name:`` and ``:alt:`` of the figure; the body is the figure's caption, true of the still figure;
``:try:`` is what a reader may do with the sliders. It ends the caption where there are sliders, and
on paper and in the EPUB a line says instead which sliders the web page has.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired import models
from hardwired.house.numbers import number_words
from hardwired.house.units import unit_words
from hardwired.models.engine.expressions import latex_of_name
from hardwired.models.errors import ModelError
from hardwired.models.exports import equations, javascript
from hardwired.models.model import Model
from hardwired.pages.directives import explorer
from hardwired.pages.directives.drawn import DrawnDirective

KINDS = {
    "ODE": "Ordinary differential equations",
    "delay": "Delay differential equations",
    "stochastic": "Stochastic simulation",
    "statistical": "Statistical model",
}
STATUS = {"seen": "", "computed": "computed", "assumed": "assumed"}
WEB, PAPER = "hw-try", "hw-paper"


class ModelDirective(DrawnDirective):
    """Show one model of the catalogue."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "parameters": directives.unchanged,
        "outputs": directives.unchanged,
        "tell": directives.unchanged,
        "table": lambda given: directives.choice(given, ("all", "none")),
        "name": directives.unchanged,
        "alt": directives.unchanged,
        "try": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-model``."""
        try:
            return [self._show(models.get(self.arguments[0].strip()))]
        except ModelError as error:
            raise self.error(str(error)) from error

    def _show(self, model: Model) -> nodes.container:
        view = explorer.View(
            model,
            sliders=self._symbols("parameters"),
            outputs=self._symbols("outputs") or model.plot,
            told=self._symbols("tell"),
        )
        for file in _files(model):
            self.env.note_dependency(str(file))
        box = nodes.container(classes=["hw-model", *self.options.get("class", [])])
        self.set_source_info(box)
        box += self._introduction(model)
        if model.latex():
            box += self._equations(model)
        figure = self._figure(view)
        box += figure
        if view.sliders:
            box += self._explorer(view, figure)
        if self.options.get("table", "all") == "all":
            box += self._table(model)
        box += self._paragraph(f"**What it leaves out.** {model.leaves_out}", "hw-model-leaves-out")
        return box

    def _symbols(self, option: str) -> tuple[str, ...]:
        return tuple(self.options.get(option, "").replace(",", " ").split())

    def _paragraph(self, text: str, *classes: str) -> nodes.paragraph:
        paragraph = nodes.paragraph(classes=list(classes))
        paragraph += self.inline(text)
        self.set_source_info(paragraph)
        return paragraph

    def _introduction(self, model: Model) -> nodes.paragraph:
        text = f"**{model.title}.** {KINDS[model.kind]}."
        if model.teaching:
            text += f" **Teaching model, not a published one:** {model.teaching}"
        if model.paper:
            keys = ",".join(model.paper)
            text += f" Source: {{cite:t}}`{keys}`."
        return self._paragraph(text, "hw-model-kind")

    def _equations(self, model: Model) -> nodes.math_block:
        latex = model.latex()
        block = nodes.math_block(latex, latex, docname=self.env.docname, number=None, label=None)
        block["nowrap"] = False
        self.set_source_info(block)
        return block

    def _figure(self, view: explorer.View) -> nodes.figure:
        name = "-".join((view.model.name, *view.outputs))
        uri = self.drawn(view.draw(), f"model-{name}")
        alternative = " ".join(self.options.get("alt", "").split()) or view.words()
        figure = self.figure(uri, alternative, "hw-model-figure")
        figure["hw-model"] = view.model.name
        caption, legend = self.body_as_caption("model")
        if caption is None:
            caption = nodes.caption("", "", nodes.Text(f"{view.model.title}."))
        self.set_source_info(caption)
        self._for_each_medium(caption, view)
        figure += [caption] if legend is None else [caption, legend]
        if "name" in self.options:
            self.add_name(figure)
        else:
            self.options["name"] = f"model-{view.model.name}"
            self.add_name(figure)
        return figure

    def _for_each_medium(self, caption: nodes.caption, view: explorer.View) -> None:
        """Add what is said only beside sliders, and what only where there are none."""
        invitation = " ".join(self.options.get("try", "").split())
        if not view.sliders:
            if invitation:
                raise self.error(f"{view.model.name}: there is nothing to try without :parameters:")
            return
        spelled = equations.names(view.model)
        *some, last = [f"${spelled[symbol]}$" for symbol in view.sliders]
        moved = f"{', '.join(some)} and {last}" if some else last
        plural = "sliders change" if some else "a slider changes"
        for words, medium in ((invitation, WEB), (f"On the web page {plural} {moved}.", PAPER)):
            if words:
                caption += nodes.inline("", " ", *self.inline(words), classes=[medium])

    def _explorer(self, view: explorer.View, figure: nodes.figure) -> addnodes.only:
        number = self.env.new_serialno("hw-explorer")
        first = "hw-explorer" not in self.env.temp_data
        self.env.temp_data["hw-explorer"] = True
        seen = self.env.temp_data.setdefault("hw-explorer-models", set())
        html = view.html(
            identifier=f"hw-explorer-{number}",
            still=figure["ids"][0],
            with_script=first,
            with_model=view.model.name not in seen,
        )
        seen.add(view.model.name)
        wrapper: addnodes.only = addnodes.only(expr="html and not epub")
        wrapper += nodes.raw("", html, format="html")
        self.set_source_info(wrapper)
        return wrapper

    def _table(self, model: Model) -> nodes.table:
        spelled = equations.names(model)
        rows = [
            (spelled[s.symbol], s.label, _start(s.start), unit_words(s.unit), "")
            for s in model.states
        ]
        rows += [
            (spelled[o.symbol], o.label, "computed", unit_words(o.unit), "") for o in model.outputs
        ]
        for p in model.parameters:
            keys = ",".join(k.strip() for k in p.source.split(",") if k.strip())
            words = [f"{{cite:p}}`{keys}`"] if keys else []
            words += [w for w in (STATUS[p.status], p.note) if w]
            value = number_words(p.value, 5)
            rows.append((spelled[p.symbol], p.label, value, unit_words(p.unit), "; ".join(words)))
        return self.table(
            ("Symbol", "Meaning", "Value", "Unit", "Source"),
            (12, 34, 14, 18, 22),
            (
                (
                    [nodes.math(latex, latex)],
                    label,
                    self.inline(value),
                    unit,
                    self.inline(source) if source else "\u2013",
                )
                for latex, label, value, unit, source in rows
            ),
            title=f"Quantities and parameters: {model.title.lower()}.",
            classes=["hw-model-table"],
        )


class MediumOfCaption(SphinxPostTransform):
    """Keep of a model's caption and of its alternative text what the medium can show."""

    def run(self, **kwargs: Any) -> None:
        """Take out the invitation where no slider is, and the line about sliders where they are."""
        builder = self.app.builder
        moves = builder.format == "html" and not builder.name.startswith("epub")
        for figure in self.document.findall(nodes.figure):
            if "hw-model-figure" not in figure["classes"]:
                continue
            for part in list(figure.findall(nodes.inline)):
                if (PAPER if moves else WEB) in part["classes"]:
                    part.parent.remove(part)
            for image in figure.findall(nodes.image) if not moves else ():
                words = image.get("alt", "").removeprefix("Interactive ")
                image["alt"] = words[:1].upper() + words[1:]


def _start(start: float | str) -> str:
    """Spell a start value: a number, the parameter that holds it, or that it is computed."""
    if isinstance(start, str):
        named = start.isidentifier()
        return f"starts at ${latex_of_name(start)}$" if named else "start computed"
    return f"starts at {number_words(start, 5)}"


def _files(model: Model) -> list[Path]:
    """Return the files whose change must redraw a page that shows the model."""
    own = [inspect.getsourcefile(m) for m in (models, explorer, javascript)]
    declared = models.sources(model.name.split("-")[0])
    return declared + [Path(f) for f in own if f] + [javascript.RUNTIME, explorer.SCRIPT]
