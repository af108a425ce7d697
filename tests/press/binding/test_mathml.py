"""Formulas carry their MathML, once each, beside their words."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pikepdf

from hardwired.formulas.mathml import to_mathml
from hardwired.press.binding.net import beside, read
from hardwired.press.binding.pdf_tree import elements
from tests.press.conftest import Build

SPACE = "{http://www.w3.org/1998/Math/MathML}"


def test_every_formula_carries_its_mathml(sink: Build) -> None:
    """As a supplement of the right type, which parses to the formula that the words say."""
    latex = {
        words: tex
        for path in sink.out.glob("gathering-*.typ")
        for words, tex in read(beside(path)).formulas.items()
    }
    with pikepdf.open(sink.pdf) as pdf:
        formulas = [it for it in elements(pdf.Root.StructTreeRoot) if it.S == "/Formula"]
        for formula in formulas:
            (file,) = formula.AF
            content = file.EF.F.read_bytes()
            root = ElementTree.fromstring(content)

            assert file.AFRelationship == "/Supplement"
            assert file.EF.F.Subtype == "/application/mathml+xml"
            assert root.tag == f"{SPACE}math"
            tex = latex[str(formula.Alt)]
            assert content.decode() == to_mathml(tex, "\\\\" in tex, namespace=True)

    assert len(formulas) == 7


def test_formulas_alike_share_a_file(sink: Build) -> None:
    """A formula that stands in many places is kept once."""
    with pikepdf.open(sink.pdf) as pdf:
        found = [it for it in elements(pdf.Root.StructTreeRoot) if it.S == "/Formula"]
        alike: dict[str, set[tuple[int, int]]] = {}
        for formula in found:
            alike.setdefault(str(formula.Alt), set()).add(formula.AF[0].objgen)

    assert all(len(files) == 1 for files in alike.values())
