"""A pathway says what its file says, and a file that cannot be drawn is refused by name."""

import re

import numpy as np
import pytest

from hardwired import figures
from hardwired.figures import shapes, style
from hardwired.figures.body_map import parts
from hardwired.figures.pathway import PathwayError, load, names, overlaps

GOOD = """
title: Two things
height: 2.0
map: [skin]
nodes:
  stress: {label: Stress, kind: mind, at: [1.0, 1.7]}
  wound: {label: Wound, kind: tissue, at: [3.0, 1.1]}
  third: {label: Third, kind: immune, at: [1.0, 1.1]}
edges:
  - {from: stress, to: third, sign: "-", evidence: animal, contested: true, references: [a2001b]}
"""


@pytest.fixture
def refused(tmp_path):
    """Give the message with which a changed file is refused."""

    def message(old, new):
        assert old in GOOD
        (tmp_path / "x.yml").write_text(GOOD.replace(old, new), "utf-8")
        with pytest.raises(PathwayError) as caught:
            load("x", tmp_path)
        return str(caught.value)

    return message


@pytest.fixture
def good(tmp_path):
    """Load the small example."""
    (tmp_path / "x.yml").write_text(GOOD, "utf-8")
    return load("x", tmp_path)


@pytest.mark.parametrize("name", names())
def test_every_pathway_of_the_book_can_be_drawn(name):
    """Labels fit, boxes stand apart, lines run free, and the map has the parts named."""
    pathway = load(name)

    assert list(overlaps(pathway)) == []
    assert set(pathway.map) <= set(parts())
    assert figures.pathway(name).get_figwidth() == style.WIDTH


def test_wounds_has_the_influences_of_its_dossier():
    """Signs checked by hand: cortisol on cytokines, oxytocin and adrenaline, closure on mood."""
    edges = {(edge.source, edge.target): edge for edge in load("05-wounds").edges}

    assert len(edges) == 22
    assert edges["sympathetic", "keratinocytes"].sign == "-"
    assert edges["sympathetic", "keratinocytes"].dashed
    assert edges["hpa", "cytokines"].sign == "-"
    assert not edges["hpa", "cytokines"].dashed
    assert edges["oxytocin", "closure"].sign == "+"
    assert edges["oxytocin", "closure"].dashed
    assert edges["oxytocin", "closure"].contested
    assert edges["closure", "distress"].sign == "-"


@pytest.mark.parametrize("name", names())
def test_references_of_a_pathway_stand_in_the_bibliography(name, root):
    """An influence is drawn only if its source can be cited."""
    bibliography = (root / "references.bib").read_text("utf-8")
    keys = set(re.findall(r"^@\w+\{([^,\s]+),", bibliography, flags=re.MULTILINE))

    for edge in load(name).edges:
        assert set(edge.references) <= keys, edge


def test_evidence_from_animals_or_cells_is_dashed(good):
    """Only what people have shown is drawn solid."""
    assert good.edges[0].dashed


def test_mark_of_contested_edge_stands_in_its_middle(good):
    """Box edges at 1.47 and 1.33, hence 1.40."""
    assert good.edges[0].mark == pytest.approx((1.0, 1.4))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "to: third",
            "to: nobody",
            r"x.yml: edge 1 \(stress to nobody\): there is no node 'nobody'",
        ),
        ('"-"', '"?"', r"edge 1 \(stress to third\) has the sign '\?'"),
        ("animal", "rumour", "edge 1 .* has evidence 'rumour'"),
        ("[a2001b]", "[]", "edge 1 .* has no references"),
        ("contested: true", "colour: red", "edge 1 .* has the unknown key 'colour'"),
        ("contested: true", "leave: inside", "edge 1 .*: 'inside' is no side"),
        ("contested: true", "leave: [bottom, 3]", "3.0 lies off the bottom of node 'stress'"),
        ("kind: immune", "kind: ghost", "x.yml: node 'third' has the kind 'ghost'"),
        ("label: Third", "label: Third and fourth thing", "'Third and fourth thing' is too wide"),
        ("at: [3.0, 1.1]", "at: [1.5, 1.1]", "nodes 'wound' and 'third' touch"),
        ("at: [3.0, 1.1]", "at: [6.2, 1.1]", "node 'wound' does not fit"),
        ("contested: true", "via: [[3.0, 1.2]]", "edge 1 .* touches node 'wound'"),
        ("height: 2.0", "tall: 2.0", "x.yml: needs the key 'height'"),
        ("title: Two things", "title: [", "x.yml: not valid YAML"),
    ],
)
def test_wrong_entry_is_refused_with_file_and_place(refused, old, new, words):
    """One line names the file, the entry and what is wrong with it."""
    message = refused(old, new)

    assert message.startswith("x.yml: ")
    assert re.search(words, message)


def test_unknown_pathway_lists_those_that_exist():
    """The error helps a typing error along."""
    with pytest.raises(
        PathwayError, match=r"'05-wound' has no file 05-wound\.yml; there are: .*05-wou"
    ):
        figures.pathway("05-wound")


def test_every_kind_has_a_shape_of_its_own():
    """A grey print tells the kinds apart by their outline."""
    outlines = [shapes.outline(kind, 0, 0, 1, 0.4).vertices.round(3) for kind in shapes.KINDS]
    different = {vertices.tobytes() for vertices in outlines}

    assert len(different) == len(shapes.KINDS) == 7


@pytest.mark.parametrize("kind", list(shapes.KINDS))
def test_outline_fills_its_box(kind):
    """The outline reaches all four sides and no further."""
    box = shapes.outline(kind, 2.0, 1.0, 1.0, 0.4).get_extents()

    assert np.allclose(box.extents, (1.5, 0.8, 2.5, 1.2))


def test_legend_explains_what_the_drawing_uses_and_nothing_else(tmp_path):
    """Nobody looks for a dashed line, or a hormone, that is not there."""

    def legend(text):
        (tmp_path / "x.yml").write_text(text, "utf-8")
        words = [text.get_text() for text in figures.pathway("x", tmp_path).axes[0].texts]
        return [word for word in words if word not in ("Stress", "Wound", "Third", "?")]

    assert legend(GOOD) == [
        "Mind",
        "Immune",
        "Tissue",
        "hinders",
        "animals or cells only",
        "contested",
    ]
    plain = GOOD.replace("animal, contested: true", "human").replace('"-"', '"+"')
    assert legend(plain) == ["Mind", "Immune", "Tissue", "promotes"]


def test_a_line_begins_in_the_notch_of_a_drug(tmp_path):
    """Where the end of the box draws in, the line does not stop short of it."""
    text = GOOD.replace("Stress, kind: mind", "Stress, kind: drug")
    (tmp_path / "x.yml").write_text(text, "utf-8")
    drug = load("x", tmp_path).nodes["stress"]

    assert drug.side("right", None)[0] == pytest.approx(1.0 + 0.42 - shapes.NOTCH)
    assert drug.side("top", None) == pytest.approx((1.0, 1.7 + 0.23))
