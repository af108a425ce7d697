"""The exceptions that the models raise.

Each is one sentence that names the model, the place and the mend.
Nothing is computed here.
Every exception derives from `ModelError`, so that a caller can catch all of them at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ModelError(ValueError):
    """Something is wrong with a model, with what was asked of it, or with what came out.

    Parameters
    ----------
    problem
        What is wrong.
    model
        Name of the model, as in the catalogue.
    where
        The equation, parameter or state that is concerned.
    mend
        What the reader should do about it.
    """

    def __init__(self, problem: str, *, model: str, where: str, mend: str) -> None:
        self.problem, self.model, self.where, self.mend = problem, model, where, mend
        super().__init__(f"model {model}, {where}: {problem}; {mend}.")


class DeclarationError(ModelError):
    """The declaration of a model contradicts itself."""


class UndefinedSymbolError(ModelError):
    """An equation uses a symbol that nobody declared."""


class InconsistentUnitsError(ModelError):
    """The two sides, or two terms, of an equation have different units."""


class UnknownNameError(ModelError):
    """An override, a column or an output is asked for under a name that the model does not have."""


class StartValueError(ModelError):
    """A start value lies outside the range that the model declares for its state."""


class UnequalLengthError(ModelError):
    """The arrays that should make up one population have different lengths."""


class BadInputError(ModelError):
    """Times or values that no model could use: unordered, empty, not a number."""


class NonFiniteError(ModelError):
    """A computation gave infinity or not-a-number."""


class StepSizeError(ModelError):
    """An integrator could not go on with any reasonable step."""


class WrongKindError(ModelError):
    """A model was asked for something that its kind cannot give."""


class NoConvergenceError(ModelError):
    """A root, a continuation or a fit did not converge."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as "did you mean alpha?", or the list of what is known."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
