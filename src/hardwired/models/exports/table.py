"""The parameters of a model as a table, and the works that it leans on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardwired.models.declaration import Declaration
from hardwired.models.exports import equations

if TYPE_CHECKING:
    import pandas


def parameter_table(model: Declaration) -> pandas.DataFrame:
    """Return the parameters: symbol, latex, label, value, unit, low, high, source, status, note."""
    import pandas as pd

    spelled = equations.names(model)
    rows = [
        {
            "symbol": p.symbol,
            "latex": spelled[p.symbol],
            "label": p.label,
            "value": p.value,
            "unit": p.unit,
            "low": p.low,
            "high": p.high,
            "source": p.source,
            "status": p.status,
            "note": p.note,
        }
        for p in model.parameters
    ]
    columns = [
        "symbol",
        "latex",
        "label",
        "value",
        "unit",
        "low",
        "high",
        "source",
        "status",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns).set_index("symbol", drop=False)


def references(model: Declaration) -> list[str]:
    """Return the bib keys that a model leans on, in order of first use."""
    keys = [*model.paper, *(mark.source for mark in model.marks)]
    for parameter in model.parameters:
        keys += [k.strip() for k in parameter.source.split(",") if k.strip()]
    return list(dict.fromkeys(keys))
