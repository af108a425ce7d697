"""MathML in a tagged PDF: each formula carries its own, for readers who walk through it.

It is attached to the tag of the formula as an associated file, a supplement to the words that the
tag has; readers who know MathML take it in place of the words, the others pass it by. MathML as
tags would be read twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from hardwired.formulas.mathml import to_mathml
from hardwired.press.binding.pdf_tree import elements

__all__ = ["add_mathml"]


def add_mathml(pdf: Pdf, formulas: Mapping[str, str]) -> None:
    """Attach its MathML to each formula; formulas of the same LaTeX share one file.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        A tagged PDF.
    formulas : mapping of str to str
        The LaTeX of each formula by its words, which its tag has.
    """
    files: dict[str, Object] = {}
    for element in elements(pdf.Root.StructTreeRoot) if formulas else ():
        if Name.Formula != element.S or "/Alt" not in element:
            continue
        latex = formulas.get(" ".join(str(element.Alt).split()))
        if latex is not None:
            if latex not in files:
                files[latex] = _file(pdf, latex)
            element.AF = Array([files[latex]])


def _file(pdf: Pdf, latex: str) -> Object:
    """Make an embedded file of a formula."""
    mathml = to_mathml(latex, "\\\\" in latex, namespace=True).encode()
    stream = pdf.make_indirect(Stream(pdf, mathml))
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/application/mathml+xml")
    stream.Params = Dictionary(Size=len(mathml))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String("formula.mml"),
            UF=String("formula.mml"),
            Desc=String("The formula in MathML"),
            AFRelationship=Name.Supplement,
            EF=Dictionary(F=stream, UF=stream),
        )
    )
