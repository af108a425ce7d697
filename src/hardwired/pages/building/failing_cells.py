"""A code cell that fails stops the build with one line: file, line of the cell, and its error."""

import re

from myst_nb.core.execute.base import ExecutionResult
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_RULE = "------------------"


def _failing_source(traceback: str) -> str:
    """Return the source of the cell that nbclient prints between two rules."""
    _, _, rest = traceback.partition(_RULE)
    return rest.partition(_RULE)[0].strip("\n")


def _line_of(source: str, text: str) -> int:
    """Return the 1-based line at which a cell's source stands in the page, or 1."""
    position = text.find(source) if source else -1
    return text.count("\n", 0, position) + 1 if position >= 0 else 1


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn once for each page whose execution failed."""
    for docname in sorted(env.found_docs):
        result: ExecutionResult | None = NbMetadataCollector.get_exec_data(env, docname)
        if not result or result["succeeded"] is not False:
            continue
        path = env.doc2path(docname)
        traceback = _ANSI.sub("", result.get("traceback") or "")
        source = _failing_source(traceback)
        with open(path, encoding="utf-8") as page:
            line = _line_of(source, page.read())
        lines = traceback.strip().splitlines()
        first = next((row for row in source.splitlines() if row.strip()), "?")
        logger.warning(
            "code cell '%s' failed: %s",
            first.strip(),
            lines[-1] if lines else result.get("error") or "no traceback",
            location=(docname, line),
            type="hardwired",
            subtype="cell",
        )
