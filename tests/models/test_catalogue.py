"""Rules that every model of the catalogue keeps; a new model is checked without a new test."""

from __future__ import annotations

import re

import libsbml
import numpy as np
import pytest

from hardwired import models
from hardwired.models.declaration import KINDS
from hardwired.models.errors import WrongKindError
from hardwired.models.exports import table
from hardwired.models.model import Model
from hardwired.pages.directives.model_catalogue import measured, results_of

CATALOGUE = list(models.catalog().values())
WITH_RATES = [m for m in CATALOGUE if m.kind in ("ODE", "delay")]
ODES = [m for m in CATALOGUE if m.kind == "ODE" and m.states]


def names(items: list[Model]) -> list[str]:
    """Label the parameters of a test."""
    return [m.name for m in items]


@pytest.mark.parametrize("model", CATALOGUE, ids=names(CATALOGUE))
def test_units_agree_in_every_equation(model: Model) -> None:
    """Both sides and all terms of an equation have one unit."""
    model.check_units()


@pytest.mark.ring("test")
@pytest.mark.parametrize("model", CATALOGUE, ids=names(CATALOGUE))
def test_every_target_is_met(model: Model, root) -> None:
    """A model gives the numbers that its declaration and the book's catalogue say it gives."""
    results = model.check_targets()
    printed = results_of(model, measured(root / "book")[model.name])

    assert model.targets
    assert [str(r) for r in results if not r.met] == []
    for result, stored in zip(results, printed, strict=True):
        shown = stored["measured"]
        allowed = result.target.tolerance * (
            abs(result.target.value) if result.target.relative else 1
        )
        assert shown == pytest.approx(result.measured, rel=1e-5, abs=allowed), result.target.what


@pytest.mark.parametrize("model", CATALOGUE, ids=names(CATALOGUE))
def test_every_value_has_a_source_or_says_that_it_is_assumed(model: Model, root) -> None:
    """Bib keys stand in the bibliography; a computed value says from what."""
    known = set(re.findall(r"^@\w+\{([^,]+),", (root / "references.bib").read_text(), re.MULTILINE))

    assert model.kind in KINDS
    assert model.leaves_out
    assert model.paper or model.teaching
    for reference in table.references(model):
        assert reference in known
    for p in model.parameters:
        assert p.source or p.status != "seen", p.symbol
        assert p.note or p.status != "computed", p.symbol


@pytest.mark.parametrize("model", CATALOGUE, ids=names(CATALOGUE))
def test_the_still_figure_has_something_to_draw(model: Model) -> None:
    """Default plot, default span and default parameters give finite curves."""
    t = np.linspace(model.time.first, model.time.last, 50)
    run = model.simulate(t)

    assert model.plot
    for symbol in model.plot:
        assert np.isfinite(run[symbol]).all()
        assert run[symbol].shape == t.shape


@pytest.mark.parametrize("model", WITH_RATES, ids=names(WITH_RATES))
def test_sbml_is_read_by_libsbml_without_an_error_and_survives_a_round_trip(model: Model) -> None:
    """What libSBML reads, it writes and reads again unchanged; every formula is still there."""
    document = libsbml.readSBMLFromString(model.to_sbml())
    document.checkConsistency()
    errors = [
        document.getError(i).getMessage()
        for i in range(document.getNumErrors())
        if document.getError(i).getSeverity() >= libsbml.LIBSBML_SEV_ERROR
    ]

    assert errors == []

    again = libsbml.readSBMLFromString(libsbml.writeSBMLToString(document)).getModel()
    rules = {again.getRule(i).getVariable(): again.getRule(i) for i in range(again.getNumRules())}

    assert set(rules) == {s.symbol for s in model.states} | {o.symbol for o in model.outputs}
    first = document.getModel()
    for i in range(first.getNumRules()):
        rule = first.getRule(i)
        formula = libsbml.formulaToL3String(rule.getMath())
        assert libsbml.formulaToL3String(rules[rule.getVariable()].getMath()) == formula
    for p in model.parameters:
        if np.isfinite(p.value):
            assert again.getParameter(p.symbol).getValue() == p.value


@pytest.mark.parametrize("model", ODES, ids=names(ODES))
def test_an_independent_simulator_agrees(model: Model) -> None:
    """libRoadRunner, fed with the SBML, stays within 1e-4 of each state's range."""
    import roadrunner

    for scenario in ({}, *model.scenarios.values()):
        runner = roadrunner.RoadRunner(model.to_sbml(**scenario))
        runner.integrator.relative_tolerance = 1e-10
        runner.integrator.absolute_tolerance = 1e-13
        runner.integrator.maximum_num_steps = 200_000
        starts = {s.symbol for s in model.states}
        t = np.linspace(model.time.first, model.time.last, 201)
        theirs = runner.simulate(times=list(t), selections=["time", *sorted(starts)])
        ours = model.simulate(t, **scenario)
        for column, symbol in enumerate(sorted(starts), start=1):
            span = np.ptp(ours[symbol]) or 1.0
            gap = np.abs(theirs[:, column] - ours[symbol]).max() / span
            assert gap < 1e-4, f"{symbol} in scenario {scenario}: {gap:.2e}"


@pytest.mark.parametrize("model", CATALOGUE, ids=names(CATALOGUE))
def test_a_kind_says_no_to_what_it_cannot_give(model: Model) -> None:
    """SBML holds rates alone, JavaScript formulas alone."""
    if model.kind in ("stochastic", "statistical"):
        with pytest.raises(WrongKindError, match=model.name):
            model.to_sbml()
    if not model.has_equations:
        with pytest.raises(WrongKindError, match=model.name):
            model.to_javascript()


@pytest.mark.ring("test")
@pytest.mark.parametrize("model", ODES, ids=names(ODES))
def test_a_population_is_the_same_as_its_members_one_by_one(model: Model) -> None:
    """The vectorised integrator agrees with LSODA, patient by patient, to 1e-4 of the range."""
    known_first = sorted(model.parameters, key=lambda p: p.status == "assumed")
    p = next(p for p in known_first if p.low is not None)
    values = np.linspace(p.low, p.high, 3)
    t = np.linspace(model.time.first, model.time.last, 41)
    together = model.simulate(t, **{p.symbol: values})
    for i, value in enumerate(values):
        alone = model.simulate(t, **{p.symbol: value})
        for name in alone.names:
            span = np.ptp(alone[name]) or max(1.0, np.abs(alone[name]).max())
            assert np.abs(together[name][i] - alone[name]).max() < 1e-4 * span, name
