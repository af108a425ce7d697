"""What a declaration may say, and how it is read."""

from __future__ import annotations

import pytest

from hardwired import models
from hardwired.models.declaration import Event, Parameter, State, Target
from hardwired.models.engine import expressions
from hardwired.models.engine.system import lower
from hardwired.models.errors import (
    DeclarationError,
    InconsistentUnitsError,
    ModelError,
    UndefinedSymbolError,
    UnknownNameError,
)


def say(error: ModelError, *parts: str) -> None:
    """Check that an error is one sentence with model, place and mend."""
    text = str(error)
    assert text.startswith("model ")
    assert text.endswith(".")
    assert error.mend
    for part in parts:
        assert part in text


def test_an_undefined_symbol_is_named_with_its_equation_and_the_nearest_symbol(make) -> None:
    """A slip of the pen is found when the model is declared."""
    with pytest.raises(UndefinedSymbolError) as caught:
        make("x' = -kapa*x", {"x": 1.0}, {"kappa": 1.0})

    say(caught.value, "model toy", "equation x'", "kapa", "did you mean kappa?")


def test_a_line_that_is_no_equation_is_named(make) -> None:
    """A line must have a left side."""
    with pytest.raises(DeclarationError) as caught:
        make("-k*x", {"x": 1.0}, {"k": 1.0})

    say(caught.value, "-k*x", "x' = ...")


def test_every_state_has_exactly_one_rate(make) -> None:
    """A state without a rate, or with two, is refused."""
    for equations in ("y = k", "x' = -k*x\nx' = k"):
        with pytest.raises(DeclarationError) as caught:
            make(equations, {"x": 1.0}, {"k": 1.0}, outputs=("y",) if "y" in equations else ())

        say(caught.value, "rate of x")


def test_definitions_must_not_refer_to_each_other_in_a_circle(make) -> None:
    """A circle of definitions is named."""
    circular = make("a = b + 1\nb = a", {}, {"k": 1.0}, outputs=("a", "b"))
    with pytest.raises(DeclarationError) as caught:
        lower(circular)

    say(caught.value, "a -> b -> a")


def test_a_seen_value_needs_a_source(make) -> None:
    """Whoever says that a value was seen says where."""
    with pytest.raises(DeclarationError) as caught:
        make("x' = -k*x", {"x": 1.0}, {}, parameters=(Parameter("k", "k", 1.0, ""),))

    say(caught.value, "parameter k", "bib key")


def test_reserved_and_double_symbols_are_refused(make) -> None:
    """No parameter may be called as an argument of simulate, or as another symbol."""
    for name in ("method", "t", "exp"):
        with pytest.raises(DeclarationError) as caught:
            make("x' = -x", {"x": 1.0}, {name: 1.0})

        say(caught.value, name)


def test_a_switch_may_depend_on_parameters_only(make) -> None:
    """A time that depends on a state cannot be met exactly, so it is refused."""
    with pytest.raises(DeclarationError) as caught:
        lower(make("x' = after(x)", {"x": 1.0}, {"k": 1.0}))

    say(caught.value, "After(x)", "parameters")


def test_an_event_sets_states_and_parameters_only(make) -> None:
    """An output cannot be set."""
    with pytest.raises(DeclarationError) as caught:
        make(
            "x' = -k*x\ny = 2*x",
            {"x": 1.0},
            {"k": 1.0},
            outputs=("y",),
            events=(Event("dose", 1.0, {"y": 2.0}),),
        )

    say(caught.value, "event 'dose'")


def test_the_kind_of_a_target_is_one_of_five(make) -> None:
    """A target of an unknown kind is refused, because kinds decide what counts as validation."""
    with pytest.raises(DeclarationError) as caught:
        make(
            "x' = -k*x",
            {"x": 1.0},
            {"k": 1.0},
            targets=(Target("x", 1.0, 0.1, "guessed", "", lambda m: 1.0),),
        )

    say(caught.value, "guessed", "printed")


def test_inconsistent_units_name_the_equation_and_both_units(make) -> None:
    """A rate without its per-day is found."""
    model = make(
        "x' = -k*x",
        {},
        {},
        states=(State("x", "x", "mm", 1.0),),
        parameters=(Parameter("k", "k", 1.0, "mm", status="assumed"),),
    )
    with pytest.raises(InconsistentUnitsError) as caught:
        model.check_units()

    say(caught.value, "equation x'", "meter^2", "meter")


def test_scales_count_as_units(make) -> None:
    """Nanograms do not add to picograms, although both are masses."""
    model = make(
        "y = a + b",
        {},
        {},
        parameters=(
            Parameter("a", "a", 1.0, "ng", status="assumed"),
            Parameter("b", "b", 1.0, "pg", status="assumed"),
        ),
        outputs=("y",),
    )
    with pytest.raises(InconsistentUnitsError) as caught:
        model.check_units()

    say(caught.value, "equation y")


def test_an_unknown_unit_is_named(make) -> None:
    """A unit that Pint cannot read is an error of the declaration."""
    model = make("x' = -x", {}, {}, states=(State("x", "x", "furlonglings", 1.0),))
    with pytest.raises(DeclarationError) as caught:
        model.check_units()

    say(caught.value, "furlonglings")


def test_latex_keeps_the_order_of_the_text_and_spells_symbols(make) -> None:
    """Symbols of the paper in ASCII print as in the paper."""
    model = make("phi_I' = k1*(S - phi_I) - d2*phi_I", {"phi_I": 1.0}, {"k1": 1, "S": 1, "d2": 1})

    assert model.latex() == (
        "\\begin{aligned}\n"
        r"\frac{d\phi_{I}}{dt} &= k_{1}\,\left(S - \phi_{I}\right) - d_{2}\,\phi_{I}"
        "\n\\end{aligned}"
    )
    assert expressions.latex_of_name("TNF_max") == r"\mathrm{TNF}_{\mathrm{max}}"
    assert expressions.latex_of_name("lam_1") == r"\lambda_{1}"


def test_the_parameter_table_carries_sources_and_status() -> None:
    """The table shows for each value where it comes from."""
    table = models.get("wounds-macrophages").parameter_table()

    assert table.loc["tau2", "value"] == 21.94
    assert table.loc["tau2", "source"] == "waugh2006macrophage"
    assert table.loc["tau2", "status"] == "seen"
    assert table.loc["tau2", "latex"] == r"\tau_{2}"


def test_a_model_that_is_not_in_the_catalogue_is_named_with_the_nearest() -> None:
    """The catalogue helps whoever misspells."""
    with pytest.raises(UnknownNameError) as caught:
        models.get("wounds-margins")

    say(caught.value, "did you mean wounds-margin?")


def test_the_jacobian_is_the_derivative_of_the_rates() -> None:
    """The generated Jacobian agrees with central differences at a point off every kink."""
    import numpy as np

    from hardwired.models.analysis.steady import Autonomous

    model = models.get("sickness-endotoxin")
    frozen = Autonomous(model, {})
    y = np.array([1.0, 2e4, 500.0, 200.0, 300.0, 250.0, 10.0, 38.0])
    J = frozen.jacobian(y)
    for j in range(y.size):
        nudge = np.zeros_like(y)
        nudge[j] = 1e-5 * y[j]
        column = (frozen.rates(y + nudge) - frozen.rates(y - nudge)) / (2 * nudge[j])

        assert J[:, j] == pytest.approx(column, rel=1e-6, abs=1e-8 * abs(J).max())
