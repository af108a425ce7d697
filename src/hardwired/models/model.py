"""A model: a declaration with everything that can be done with it.

Nothing is worked out here: each verb calls the module that does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hardwired.models.analysis import targets
from hardwired.models.declaration import Declaration
from hardwired.models.engine import check, simulate
from hardwired.models.exports import equations, javascript, sbml, table, units

if TYPE_CHECKING:
    import pandas

    from hardwired.models.analysis.targets import TargetResult
    from hardwired.models.engine.trajectory import Trajectory


@dataclass(frozen=True, eq=False)
class Model(Declaration):
    """A model of the book; `hardwired.models.declaration` shows how to declare one.

    Raises
    ------
    DeclarationError, UndefinedSymbolError
        When it is made, if the declaration contradicts itself.
    """

    def __post_init__(self) -> None:
        check.declaration(self)

    def simulate(
        self,
        t: Any,
        *,
        method: str | None = None,
        rtol: float | None = None,
        atol: float | None = None,
        seed: int | None = None,
        **overrides: Any,
    ) -> Trajectory:
        """Run the model.

        Parameters
        ----------
        t
            Increasing times, in the unit of `time`, not before `time.first`; start values hold
            at `time.first`.
        method
            For one individual: a solver of SciPy (``LSODA`` by default, ``RK45``, ``DOP853``,
            ``Radau``, ``BDF``), or ``own``, the vectorised integrator, which populations and
            delay models always use.
        rtol, atol
            Relative tolerance (1e-8 for one individual, 1e-6 for a population), and absolute
            tolerance in units of each state's scale (`State.scale`), by default a thousandth of
            `rtol`.
        seed
            Seed of a stochastic model (0 by default).
        **overrides
            Parameters and start values by symbol: numbers, or arrays of equal length, one
            element a patient, for a population.

        Returns
        -------
        Trajectory
            ``trajectory["x"]`` has the shape of `t`, or (patients, times) for a population.

        Raises
        ------
        ModelError
            A subclass that names the model, the place and the mend: unknown name, start value
            out of range, arrays of unequal length, times out of order, a result that is not
            finite, steps that collapse.
        """
        return simulate.run(
            self, t, method=method, rtol=rtol, atol=atol, seed=seed, overrides=overrides
        )

    def latex(self) -> str:
        """Return the equations as one LaTeX ``aligned`` block."""
        return equations.latex(self)

    def parameter_table(self) -> pandas.DataFrame:
        """Return symbol, label, value, unit, range, reference keys and status of parameters."""
        return table.parameter_table(self)

    def to_sbml(self, **overrides: float) -> str:
        """Return the model as SBML Level 3 Version 1, with some values changed if you wish.

        Raises
        ------
        WrongKindError
            For a stochastic or statistical model, which SBML's core cannot hold.
        """
        return sbml.write(self, overrides)

    def to_javascript(self) -> str:
        """Return the model as a JavaScript object for the explorer's runtime.

        Raises
        ------
        WrongKindError
            For a model that is a Python function (`run`).
        """
        return javascript.write(self)

    def check_units(self) -> None:
        """Check the units of every equation, start value and event.

        Raises
        ------
        InconsistentUnitsError
            Naming the equation and both units.
        """
        units.check(self)

    def check_targets(self) -> list[TargetResult]:
        """Measure every target; see `hardwired.models.analysis.targets`."""
        return targets.check(self)
