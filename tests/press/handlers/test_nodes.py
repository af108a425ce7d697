"""Each node type: source in, Typst out, compiled."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.press.conftest import Build, compile_pages

SmallBook = Callable[..., Build]

HEAD = "# Title\n\n"

CASES = {
    "emphasis": ("a *b* c", ["a #emph[b]; c"]),
    "strong": ("a **b** c", ["a #strong[b]; c"]),
    "literal": ("a `b = \"c\"` d", ['#codeword("b = \\"c\\"");']),
    "subscript": ("H{sub}`2`O", ["H#sub[2];O"]),
    "superscript": ("x{sup}`3`", ["x#super[3];"]),
    "special characters": (
        r"\# \$ \* \_ @ \< [ ] ~ = + - /",
        [r"\# \$ \* \_ \@ \< \[ \] \~ \= \+ \- \/"],
    ),
    "number at the start": ("1\\. not a list", ["1\\. not a list"]),
    "web link by its address": (
        "<https://example.org/a>",
        [r'#ext("https://example.org/a")[#spelled[https:\/\/example.org\/a]];'],
    ),
    "web link by another text": (
        "[text](https://www.example.org/a/)",
        ['#ext("https://www.example.org/a/", short: "example.org/a")[text];'],
    ),
    "inline formula": ("$x^2$", ['#im("x squared", $x^2$);']),
    "displayed formula": (
        "```{math}\n:label: eq-a\n\ny = x\n```\n\nSee {eq}`eq-a`.",
        ['#bm("y equals x", "1.1", "page#equation-eq-a", $ y = x $)', '#xref("page#equation-eq-a"'],
    ),
    "formula of bare rows": (
        "$$\na &= b \\\\\nc &= d\n$$",
        ['#bm("a equals b; c equals d", "", "", $ a &= b \\ c &= d $)'],
    ),
    "footnote": ("a[^n] b[^n]\n\n[^n]: Note.", ["#footnote[Note.]#label(", "#footnote(label("]),
    "bullet list": ("- a\n- b", ["#list(tight: true, [a], [b])"]),
    "nested list": ("- a\n  - b", ["#list(tight: true, [a\n\n#list(tight: true, [b])])"]),
    "numbered list": ("3. a\n4. b", ['#enum(tight: true, start: 3, numbering: "1.", [a], [b])']),
    "definition list": ("a\n: b", ["#definitions(([a], [b]), )"]),
    "quotation": ("> a", ["#quotation[a]"]),
    "transition": ("a\n\n---\n\nb", ["#ornament"]),
    "listing": ("```python\na = 1\n```", ['#listing("python", "a = 1")']),
    "section": ("## Two\n\ntext", ['#sec(2, "1.1", "page#two")[Two]']),
    "chapter": (
        "## Two\n\ntext",
        ['#chapter(1, "1", "page#title", title: [Title]', '("1.1", [Two], "page#two")'],
    ),
    "reference to a section": (
        "(here)=\n## Two\n\n{ref}`here`",
        ['#xref("page#here")[Two];'],
    ),
    "reference to another section": (
        "(here)=\n## Two\n\nA.\n\n## Three\n\n{ref}`here`",
        ['#xref("page#here", paged: true)[Two];'],
    ),
    "figure": (
        "```{figure} picture.svg\n:name: fig-a\n:alt: A blue bar.\n\nOne. Two.\n```",
        [
            'pic("/images/picture.svg", alt: "A blue bar.")',
            'number: "1.1"',
            "[One. Two.]",
        ],
    ),
    "wide figure": (
        "```{figure} picture.svg\n:figclass: hw-wide\n:alt: A blue bar.\n\nOne.\n```",
        ["wide: true"],
    ),
    "image in a line": (
        "a ![A blue bar.](picture.svg) b",
        ['a #box(pic("/images/picture.svg", alt: "A blue bar.")); b'],
    ),
    "table": (
        "```{table} Words.\n:name: tab-a\n\n| a | b |\n| :-- | --: |\n| c | d |\n```",
        [
            'number: "1.1"',
            "caption: [Words.]",
            "header: ([a], table.cell(align: right + bottom)[b],)",
            "[c], table.cell(align: right + top)[d]",
        ],
    ),
    "table with spans": (
        "```{eval-rst}\n+---+---+\n| a | b |\n+===+===+\n| c     |\n+---+---+\n```",
        ["table.cell(colspan: 2)[c]"],
    ),
    "note": ("```{note}\na\n```", ["#note-box([Note])[", "a]"]),
    "titled admonition": ("```{admonition} T\na\n```", ["#note-box([T])["]),
    "box": (
        "```{admonition} T\n:class: hw-box hw-box-method\na\n```",
        ['#kind-box("method", title: [T], label-name: "")['],
    ),
    "claim card": (
        "```{admonition} T\n:class: hw-claim hw-claim-contested\na\n```",
        ["#claim-card(none, title: [T]"],
    ),
    "margin note": (":::{container} hw-margin\na\n:::", ["#margin-note["]),
    "margin note in a box": (
        "::::{admonition} T\n:class: hw-box\n\n:::{container} hw-margin\na\n:::\n::::",
        ["#small-note["],
    ),
    "sidebar": ("```{sidebar} T\na\n```", ["#margin-note[#strong[T] "]),
    "quiz": (
        "::::::{container} hw-quiz\n:::::{container} hw-quiz-item\n**1.** q\n\n"
        ":::{container} hw-quiz-answer\na\n:::\n:::::\n::::::",
        ["#question[", '#answers-at("page#hw-answers")'],
    ),
    "model": (":::{container} hw-model\na\n:::", ["a"]),
    "web only": ("b\n\n:::{container} hw-web-only\na\n:::", ["b"]),
    "raw Typst": ("```{raw} typst\n#h(1em)\n```", ["#h(1em)"]),
    "glossary": (
        "```{glossary}\nword\n  Its meaning.\n```\n\n{term}`word`",
        ['([#anchor("page#term-word");word], [Its meaning.])', '#xref("page#term-word")[word];'],
    ),
    "index": ("a {index}`word` b", ['#anchor("page#index-0");']),
    "line block": ("```{eval-rst}\n| a\n| b\n```", ["a #linebreak() b"]),
    "captioned listing": (
        "```{code-block} python\n:caption: Cap.\n\na = 1\n```",
        ["#strong[Listing 1.1] Cap.]", '#listing("python", "a = 1")'],
    ),
    "rubric": ("```{rubric} Small\n```", ["#rubric[Small]"]),
    "comment": ("% nothing\n\nb", ["b"]),
    "only": ("```{only} typst\na\n```\n\n```{only} html\nz\n```", ["a"]),
    "citation of a standard": ("```{eval-rst}\n.. [A1] A work.\n```\n", ["#references(["]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_node_becomes_typst(name: str, small_book: SmallBook) -> None:
    """A node of this type is written as the page design's call for it, and compiles."""
    text, expected = CASES[name]

    built = small_book(HEAD + text, suppress_warnings=["ref.citation", "myst.header", "misc"])

    source = re.sub(r"\n\s*\n", "\n\n", built.source("page"))
    assert [part for part in expected if part not in source] == []
    assert built.pdf.read_bytes().startswith(b"%PDF")


def test_web_only_content_is_not_printed(small_book: SmallBook) -> None:
    """What stands only on the web page leaves no trace in print."""
    built = small_book(f"{HEAD}b\n\n:::{{container}} hw-web-only\nsecret\n:::\n")

    assert "secret" not in built.source("page")


def test_answers_stand_in_the_back(small_book: SmallBook) -> None:
    """The answer of a question is not beside it but in the last gathering of the book."""
    built = small_book(HEAD + CASES["quiz"][0].replace("\na\n", "\nthe answer\n"))

    assert "the answer" not in built.source("page")
    assert '#answer("1")[the answer]' in built.source("gathering-02-end")


CELL = (
    "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# Title\n\n"
    "```{code-cell} ipython3\n:tags: [TAGS]\n\nvalue = 1\n```\n"
)


@pytest.mark.parametrize(
    ("tag", "printed"), [("any", True), ("hide-input", False), ("remove-input", False)]
)
def test_folded_input_is_not_printed(tag: str, printed: bool, small_book: SmallBook) -> None:
    """Code that is folded on the web is left out in print; other code is printed."""
    built = small_book(CELL.replace("TAGS", tag))

    assert ("value = 1" in built.source("page")) is printed


def test_folded_input_is_printed_on_demand(small_book: SmallBook) -> None:
    """`typst_show_hidden_input` prints it all."""
    built = small_book(CELL.replace("TAGS", "hide-input"), typst_show_hidden_input=True)

    assert '"value = 1")' in built.source("page")


def test_outputs_of_cells(sink: Build) -> None:
    """A stream is an output, a pandas table a table, a drawn figure a figure with its caption."""
    source = sink.source("chapters/02-cells")

    assert '#output("", "plain output")' in source
    assert "[group], table.cell(align: right + bottom)[days]" in source
    assert 'alt: "A line that rises from one to three."' in source


def test_the_list_of_figures_has_first_sentences(sink: Build) -> None:
    """A caption of two sentences is listed by its first one, with its number and its label."""
    front = (sink.out / "gathering-00-front.typ").read_text(encoding="utf-8")

    assert '"chapters/02-cells#fig-cell", [A line rises])' in front


def test_page_design_compiles_for_each_paper(sink: Build) -> None:
    """The design needs nothing but its own files."""
    source = '#import "/template.typ": *\n#show: book.with(title: "T")\n= A\n#lorem(50)'

    assert compile_pages(sink.out, source, pdf_standards=["ua-1"]).startswith(b"%PDF")
