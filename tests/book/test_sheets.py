"""What our style sheets declare, asked of each engine: no declaration is lost without a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.ring("all")

SHEETS = [*(ROOT / "book/_static").glob("*.css"), *(ROOT / "src/hardwired").rglob("*.css")]
#: What is pleasant where it is known and missed by nobody where it is not.
LUXURIES = {
    "hanging-punctuation": "quotation marks stand in the margin",
    "text-wrap": "lines of even length",
    "forced-color-adjust": "WebKit has no forced colours",
}
#: What a variable may stand for.
MEANT = ("red", "1rem", "serif", "1", "1px solid red")
UNKNOWN = """(all, meant) => {
  const variable = /var\\([^()]*(\\([^()]*\\))?[^()]*\\)/g;
  const knows = (name, value) =>
    meant.some((word) => CSS.supports(name, value.replace(variable, word)));
  return all.filter(([name, value]) => !knows(name, value));
}"""


def declared(sheet: str) -> list[list[tuple[str, str]]]:
    """Give the declarations of each block of a sheet, as pairs of name and value."""
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    text = re.sub(r"@(font-face|page|counter-style)[^{]*\{[^{}]*\}", "", text)
    blocks = []
    for block in re.findall(r"\{([^{}]*)\}", text):
        lines, depth = [""], 0
        for part in re.findall(r'"[^"]*"|.', block, flags=re.DOTALL):
            depth += (part == "(") - (part == ")")
            if part == ";" and not depth:
                lines.append("")
            else:
                lines[-1] += part
        pairs = [line.replace("!important", "").split(":", 1) for line in lines if ":" in line]
        blocks.append([(n.strip(), v.strip()) for n, v in pairs if not n.strip().startswith("--")])
    return blocks


def test_a_sheet_is_taken_apart_as_a_browser_does() -> None:
    """Comments, blocks in blocks, semicolons in brackets, and variables, which anything may be."""
    sheet = (
        '@media (x) { a { /* b: c; */ color: red; --d: e; background: url("f;g") } } h{i:j(k;l)}'
    )

    assert declared(sheet) == [
        [("color", "red"), ("background", 'url("f;g")')],
        [("i", "j(k;l)")],
    ]


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(name, marks=pytest.mark.needs(need), id=name)
        for name, need in (("chromium", "browser"), ("firefox", "firefox"), ("webkit", "webkit"))
    ],
)
def test_every_engine_knows_what_our_sheets_declare(
    started: Callable[..., Any], engine: str
) -> None:
    """Or knows another spelling that stands in the same block, or what is lost is a luxury."""
    every = [block for sheet in SHEETS for block in declared(sheet.read_text(encoding="utf-8"))]
    pairs = sorted({pair for block in every for pair in block})
    with started(engine) as view:
        view.open("about:blank")
        lost = {tuple(pair) for pair in view.script(UNKNOWN, pairs, MEANT)}
    missed = set()
    for block in every:
        known = {re.sub(r"^-\w+-", "", name) for name, value in block if (name, value) not in lost}
        missed |= {p for p in lost & set(block) if re.sub(r"^-\w+-", "", p[0]) not in known}

    assert len(pairs) > 400
    assert {pair for pair in missed if pair[0] not in LUXURIES} == set()
