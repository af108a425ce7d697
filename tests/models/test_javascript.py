"""The generated JavaScript gives, in a browser, the numbers that Python gives."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from scipy.integrate import RK45

from hardwired import models
from hardwired.models.declaration import Event
from hardwired.models.errors import WrongKindError
from hardwired.models.exports import javascript
from hardwired.models.model import Model

FORMULAS = [m for m in models.catalog().values() if m.has_equations]
BY_LSODA = [m for m in FORMULAS if m.kind != "delay"]


@pytest.fixture(scope="module")
def page(browser):
    """Return an empty page with the runtime in it."""
    page = browser.new_page()
    page.set_content("<!doctype html><title>models</title>")
    page.evaluate(f"() => {{ {javascript.runtime()}; window.hardwired = hardwired; }}")
    yield page
    page.close()


def in_browser(page, model: Model, t, overrides, rtol: float = 1e-6) -> dict[str, list[float]]:
    """Run a model in the browser."""
    script = f"([t, given, rtol]) => hardwired.simulate({javascript.wrap(model)}, t, given, rtol)"
    return page.evaluate(script, [list(t), overrides, rtol])


def assert_same(ours, theirs, names, tolerance: float) -> None:
    """Compare two runs, each curve on its own range."""
    for name in names:
        span = np.ptp(ours[name]) or max(1.0, np.abs(ours[name]).max())
        gap = np.abs(np.array(theirs[name]) - ours[name]).max() / span
        assert gap < tolerance, f"{name}: {gap:.2e}"


def cases_of(model: Model) -> list[dict[str, float]]:
    """Return every scenario and both ends of every slider."""
    ends = [
        {p.symbol: end}
        for p in model.parameters
        if p.low is not None and p.high is not None
        for end in (p.low, p.high)
    ]
    return [{}, *map(dict, model.scenarios.values()), *ends]


def one_by_one(model: Model, t: np.ndarray, cases: list[dict[str, float]], rtol: float):
    """Give each case as the vectorised integrator runs it, all at once unless they share a past."""
    if model.kind == "delay" or not model.states:
        for case in cases:
            run = model.simulate(t, method="own", rtol=rtol, **case)
            yield {name: run[name] for name in run.names}
        return
    usual = {p.symbol: p.value for p in model.parameters}
    changed = {symbol for case in cases for symbol in case}
    together = {s: np.array([case.get(s, usual[s]) for case in cases]) for s in changed}
    run = model.simulate(t, rtol=rtol, **together)
    for number in range(len(cases)):
        yield {name: run[name][number] for name in run.names}


@pytest.mark.browser
@pytest.mark.parametrize("model", FORMULAS, ids=[m.name for m in FORMULAS])
def test_python_and_javascript_agree_to_a_millionth_of_the_range(page, model: Model) -> None:
    """Every scenario and both ends of every slider, at one tolerance in both, 1e-7."""
    t = np.linspace(model.time.first, model.time.last, 121)
    cases = cases_of(model)
    for case, ours in zip(cases, one_by_one(model, t, cases, 1e-7), strict=True):
        assert_same(ours, in_browser(page, model, t, case, 1e-7), ours, 1e-6)


@pytest.mark.browser
@pytest.mark.parametrize("model", BY_LSODA, ids=[m.name for m in BY_LSODA])
def test_the_explorer_is_right_to_a_thousandth_of_the_range(page, model: Model) -> None:
    """At the tolerance that it uses, beside LSODA at 1e-8."""
    t = np.linspace(model.time.first, model.time.last, 121)
    for case in cases_of(model):
        ours = model.simulate(t, **case)
        assert_same(ours, in_browser(page, model, t, case), ours.names, 1e-3)


@pytest.mark.browser
def test_an_error_is_measured_by_how_far_a_state_has_moved(page, make) -> None:
    """37 degrees that rise by 1 are held to a share of 1, in both languages and at every step."""
    fever = make("T' = k*(T_1 - T) + a*sin(6*t)", {"T": 37.0}, {"k": 1.0, "T_1": 38.0, "a": 0.3})
    t = np.linspace(0, 10, 101)
    theirs = in_browser(page, fever, t, {}, 1e-3)
    ours = fever.simulate(t, method="own", rtol=1e-3)

    assert_same(ours, theirs, ("T",), 1e-11)
    assert_same(fever.simulate(t), theirs, ("T",), 3e-3)


@pytest.mark.browser
def test_a_delay_in_the_browser_is_the_known_polynomial(page, echo) -> None:
    """x' = -x(t - 1) from 1: the error falls with the tolerance."""  # noqa: D403
    t, exact = [0.5, 1.0, 2.0, 3.0], np.array([0.5, 0.0, -0.5, -1 / 6])
    errors = [
        np.abs(np.array(in_browser(page, echo, t, {}, rtol)["x"]) - exact).max()
        for rtol in (1e-3, 1e-6, 1e-9)
    ]

    assert errors[0] < 1e-2
    assert errors[1] < 1e-5
    assert errors[2] < 1e-7


@pytest.mark.browser
def test_events_and_functions_in_the_browser(page, make) -> None:
    """Doses, switches, minima, branches and the error function agree with Python."""
    model = make(
        "x' = -k*max(x, 0)*after(1) + where(t < 2, min(k, 3), erf(t/5))\ny = erf(x/3) + abs(x)",
        {"x": 1.0},
        {"k": 1.5, "at": 2.5},
        outputs=("y",),
        events=(Event("dose", "at", {"x": "x + 2", "k": "k/2"}),),
    )
    t = np.linspace(0, 6, 61)

    assert_same(model.simulate(t), in_browser(page, model, t, {}, 1e-8), ("x", "y"), 1e-4)


@pytest.mark.browser
def test_the_browser_says_so_when_it_cannot_go_on(page, make) -> None:
    """A singularity is an error in the browser too, not a curve of NaN."""
    model = make("x' = k*x**2", {"x": 1.0}, {"k": 1.0})
    script = f"""() => {{ try {{ hardwired.simulate({javascript.wrap(model)}, [0, 3]); return ""; }}
        catch (error) {{ return error.message; }} }}"""

    assert "toy" in page.evaluate(script)


def test_no_word_of_javascript_is_used_as_a_name(make) -> None:
    """Symbols are renamed, so a state called new or a parameter called function does no harm."""
    model = make("new' = -function*new", {"new": 1.0}, {"function": 1.0})

    assert "function" not in model.to_javascript().replace(json.dumps("function"), "")


def test_a_python_function_has_no_javascript() -> None:
    """The error says why."""
    with pytest.raises(WrongKindError, match="Python function"):
        models.get("wounds-time-to-heal").to_javascript()


def test_the_tableau_stands_in_one_place() -> None:
    """The script names it and holds none of its numbers; what is written in is SciPy's."""
    written = javascript.runtime()

    assert "TABLEAU" not in written
    assert "6561" not in javascript.RUNTIME.read_text(encoding="utf-8")
    given = json.loads(re.search(r"const { C, A, E, P } = (\{.*?\});", written)[1])
    assert given["A"][6] == list(RK45.B)
    assert given["E"] == list(RK45.E)
    assert given["P"] == RK45.P.tolist()
    assert given["C"] == [*RK45.C, 1.0]
