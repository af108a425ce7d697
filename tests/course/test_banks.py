"""Question banks: written whole, read back by readers of others, marked by their keys."""

import csv
import html
import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pyslet.qtiv1.xml as qti1
import pyslet.qtiv2.expressions as qti2_expressions
import pytest
from moodle_xml_parser.parser import parse_bytes
from pygiftparser import parser as gift_reader
from pyslet.imscpv1p2 import ManifestDocument
from pyslet.qtiv2.variables import ItemSessionState
from pyslet.qtiv2.xml import QTIDocument
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz as CanvasQuiz

from hardwired.course import banks
from hardwired.course.quiz import load
from tests.conftest import ROOT
from tests.course import published
from tests.course.a_quiz import QUIZ
from tests.course.qti_rules import PACKAGE, QTI12, QTI21, breaches, dangling

EVERY = sorted(banks.FORMATS)
MATH = re.compile(rb"<math.*?</math>", re.DOTALL)


@pytest.fixture(scope="module")
def quiz(tmp_path_factory):
    """Return a quiz with an item of each kind and every sign that a format could stumble over."""
    path = tmp_path_factory.mktemp("exercises") / "quiz.yml"
    path.write_text(QUIZ, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def book():
    """Return all quizzes of the book."""
    return banks.collect(ROOT / "exercises")


def files(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def right_letters(item) -> list[str]:
    """Return the letters of the right answer as the banks give them."""
    return ["ABCDEFGH"[item.shown.index(option)] for option in item.options if option.right]


# --- QTI 2.1 ---------------------------------------------------------------------------------


def session(data: bytes, response: object) -> dict[str, object]:
    """Let pyslet, an implementation of QTI 2.1 by others, mark one response to an item.

    It knows no MathML, and it keeps a tolerance as text, so both are handed to it its way.
    """
    document = QTIDocument()
    document.read(src=io.BytesIO(MATH.sub(b"<span>formula</span>", data)))
    for equal in document.root.find_children_depth_first(qti2_expressions.Equal):
        equal.tolerance = "".join(equal.tolerance).split()
    state = ItemSessionState(document.root)
    state.begin_session()
    state["RESPONSE"].set_value(response)
    state.end_attempt()
    return {
        name: state[name].value for name in ("SCORE", "FEEDBACK", "REASON") if name in state.map
    }


@pytest.fixture(scope="module")
def items(quiz):
    """Return the item files of the test quiz."""
    found = files(banks.FORMATS["qti21"]([quiz]))
    return [found[f"items/item-05-wounds-q{n}.xml"] for n in (1, 2, 3, 4)]


def test_qti21_marks_a_single_choice_and_names_the_feedback_of_the_option(quiz, items):
    """The right letter scores 1, every other 0; the feedback shown is that of the letter."""
    (right,) = right_letters(quiz.items[0])

    for letter in "ABCD":
        assert session(items[0], letter) == {"SCORE": float(letter == right), "FEEDBACK": letter}


@pytest.mark.parametrize(
    ("response", "score"), [(8.29, 1.0), (8.2, 1.0), (8.38, 1.0), (8.1, 0.0), (-8.29, 0.0)]
)
def test_qti21_marks_a_number_within_its_tolerance(items, response, score):
    """As the page does."""
    assert session(items[1], response) == {"SCORE": score, "REASON": "WHY"}


def test_qti21_marks_an_order(quiz, items):
    """Only the right order scores."""
    right = right_letters(quiz.items[2])

    assert session(items[2], right)["SCORE"] == 1.0
    assert session(items[2], sorted(right))["SCORE"] == 0.0


def test_qti21_marks_several_choices_all_or_nothing(quiz, items):
    """Half of the right ones is not right."""
    right = right_letters(quiz.items[3])

    assert session(items[3], right)["SCORE"] == 1.0
    assert session(items[3], right[:1])["SCORE"] == 0.0
    assert session(items[3], ["A", "B", "C"])["SCORE"] == 0.0


def test_qti21_holds_every_reason_and_formulas_as_mathml(quiz, items):
    """Feedback stands in the item, formulas in a namespace of their own."""
    text = "".join(ET.fromstring(items[0]).itertext())
    formulas = ET.fromstring(items[0]).findall(".//{http://www.w3.org/1998/Math/MathML}math")

    assert len(formulas) == 1
    for option in quiz.items[0].options[1:]:
        assert option.why.replace("`", "") in text


# --- QTI 1.2 ---------------------------------------------------------------------------------


def shape(node: ET.Element) -> tuple:
    """Return tag, settings and children of an element, without names and texts."""
    names = {"ident", "linkrefid", "shuffle", "title"}
    settings = sorted((k, v) for k, v in node.attrib.items() if k not in names)
    return (node.tag, settings, [shape(child) for child in node])


def test_qti12_has_the_shape_that_text2qti_gives_canvas(quiz):
    """Item by item: presentation, marking and feedback as Canvas is known to read them."""
    theirs = "Quiz title: T\n"
    for n, item in enumerate((quiz.items[0], quiz.items[1], quiz.items[3]), start=1):
        theirs += f"\n{n}.  Question {n}?\n" + ("... reason\n" if item.why else "")
        if item.kind == "numeric":
            theirs += "=   8.29 +- 0.1\n"
        for letter, option in zip("abcd", item.options, strict=False):
            if item.kind == "single":
                theirs += f"{'*' if option.right else ''}{letter})  {option.text[:9]}\n... why\n"
            else:
                theirs += f"[{'*' if option.right else ' '}]  {option.text[:9]}\n... why\n"
    canvas = QTI(CanvasQuiz(theirs, config=Config(), source_name="test")).assessment
    wanted = list(ET.fromstring(canvas.encode()).findall(".//{*}item"))
    ours = files(banks.FORMATS["qti12"]([quiz]))["assessments/05-wounds.xml"]
    made = [item for n, item in enumerate(ET.fromstring(ours).findall(".//{*}item")) if n != 2]

    assert len(wanted) == len(made) == 3
    for expected, item in zip(wanted, made, strict=True):
        assert [shape(part) for part in item[1:]] == [shape(part) for part in expected[1:]]


def test_qti12_is_read_by_an_implementation_of_others(book):
    """Pyslet finds each item by its name, with its presentation, marking and all its feedback."""
    found = files(banks.FORMATS["qti12"](book))
    for quiz in book:
        document = qti1.QTIDocument()
        document.read(src=io.BytesIO(found[f"assessments/{quiz.chapter}.xml"]))
        (section,) = document.root.Assessment.SectionMixin
        for item, read in zip(quiz.items, section.SectionItemMixin, strict=True):
            reasons = sum(bool(option.why) for option in item.options) + bool(item.why)

            assert read.ident == f"item-{quiz.chapter}-{item.id}"
            assert read.Presentation is not None
            assert len(read.ResProcessing) == 1
            assert len(read.ItemFeedback) == reasons


# --- Moodle, GIFT, CSV -----------------------------------------------------------------------


def test_moodle_xml_is_read_back(quiz):
    """Shares, feedback and texts of the choices; key and tolerance of the number; the steps."""
    data = banks.FORMATS["moodle"]([quiz])
    single, multiple = parse_bytes(data)["multichoice"]
    root = ET.fromstring(data)
    number, order = root.find("./question[@type='numerical']"), root.find(".//*[@type='matching']")

    assert [o.score_fraction for o in single.options].count(100) == 1
    assert {o.feedback for o in single.options} == {
        html.unescape(f"<p>{why}</p>")
        for why in ("Because ~ it is # so.", r"No: \alpha is no text.", "No & never.", "No.")
    }
    assert r"\(\sqrt{13} < 4\)" in single.text_pre_parse
    assert sorted(o.score_fraction for o in multiple.options) == [-50, 50, 50]
    assert (single.single, multiple.single) == (True, False)
    assert number.findtext("answer/text") == "8.29"
    assert number.findtext("answer/tolerance") == "0.1"
    assert "Answer with a number, in days." in number.findtext("questiontext/text")
    steps = {s.findtext("text"): s.findtext("answer/text") for s in order.iter("subquestion")}
    assert steps == {"<p>Mend</p>": "1", "<p>Bleed</p>": "2", "<p>Clot</p>": "3"}
    assert root.findtext("question/category/text") == "$course$/top/Hardwired/05-wounds"


def test_gift_is_read_back(quiz):
    """By a parser of others: valid questions, shares, feedback, number and pairs."""
    text = banks.FORMATS["gift"]([quiz]).decode()
    single, number, order, multiple = gift_reader.parseFile(io.StringIO(text))

    assert all(question.valid for question in (single, number, order, multiple))
    assert text.startswith("$CATEGORY: $course$/top/Hardwired/05-wounds\n")
    assert [a.fraction for a in single.answers.answers].count(100) == 1
    assert r"Because \~ it is \# so." in {a.feedback for a in single.answers.answers}
    assert [(a.value, a.tolerance) for a in number.answers.answers] == [(8.29, 0.1)]
    assert number.generalFeedback == r"The root of \\(n\\), or \\(\\ln x\\)."
    assert [(a.question.strip(), a.answer.strip()) for a in order.answers.answers] == [
        ("Mend", "1"),
        ("Bleed", "2"),
        ("Clot", "3"),
    ]
    assert sorted(a.fraction for a in multiple.answers.answers) == [-50, 50, 50]


def test_csv_is_a_row_a_question(quiz):
    """Key, tolerance, unit, and each option with what it is worth and why."""
    text = banks.FORMATS["csv"]([quiz]).decode("utf-8-sig")
    single, number, order, multiple = csv.DictReader(io.StringIO(text, newline=""))

    assert [single[f"right_{n}"] for n in range(1, 5)].count("yes") == 1
    assert (number["answer"], number["tolerance"], number["unit"]) == ("8.29", "0.1", "days")
    assert {order[f"option_{n}"]: order[f"right_{n}"] for n in (1, 2, 3)} == {
        "Mend": "1",
        "Bleed": "2",
        "Clot": "3",
    }
    assert {multiple[f"feedback_{n}"] for n in (1, 2, 3)} == {"It is.", "It is too.", "It is not."}
    assert multiple["option_4"] == ""


# --- Packages, the whole book, faults --------------------------------------------------------


@pytest.mark.parametrize(("form", "rules"), [("qti12", QTI12), ("qti21", QTI21)])
def test_packages_keep_the_rules_of_their_format(book, quiz, form, rules):
    """Every file: known elements only, in order, with their attributes, and nothing dangling."""
    for quizzes in (book, [quiz]):
        for name, data in files(banks.FORMATS[form](quizzes)).items():
            expected = PACKAGE if name == "imsmanifest.xml" else rules

            assert breaches(data, expected) == [], name
            assert dangling(data) == set(), name


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<itemBody>", b"<itemBody><value/>", "itemBody holds"),
        (b' cardinality="single"', b"", "responseDeclaration has"),
        (b"simpleChoice", b"simpleChoise", "simpleChoise is unknown"),
        (b'<variable identifier="RESPONSE" />', b'<variable identifier="RESP" />', "RESP"),
    ],
)
def test_the_rules_see_a_breach(items, old, new, said):
    """A rule that cannot fail would prove nothing."""
    broken = items[0].replace(old, new)

    assert broken != items[0]
    assert any(said in line for line in [*breaches(broken, QTI21), *dangling(broken)])


def test_qti12_is_valid_by_its_published_grammar(book, quiz):
    """Every assessment by the DTD of QTI 1.2.1; an element out of its place is seen."""
    grammar = published.qti12()
    for quizzes in (book, [quiz]):
        found = files(banks.FORMATS["qti12"](quizzes))
        del found["imsmanifest.xml"]

        assert len(found) == len(quizzes)
        assert published.breaches(found, [grammar]) == []

    broken = {name: data.replace(b"outcomes", b"outcome") for name, data in found.items()}
    assert "No declaration for element outcome" in " ".join(published.breaches(broken, [grammar]))


SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:more"
  targetNamespace="{}" elementFormDefault="qualified">{}</xs:schema>"""


def test_grammars_on_disk_are_taken_by_namespace_and_never_fetched(tmp_path, capsys):
    """An import is found by its file name; a breach and a file without a grammar are told."""
    more = '<xs:import namespace="urn:more" schemaLocation="http://nowhere.invalid/x/more.xsd"/>'
    page = '<xs:element name="page"><xs:complexType><xs:sequence><xs:element ref="m:line"/>'
    page += "</xs:sequence></xs:complexType></xs:element>"
    (tmp_path / "below").mkdir()
    (tmp_path / "page.xsd").write_text(SCHEMA.format("urn:page", more + page), encoding="utf-8")
    line = '<xs:element name="line" type="xs:integer"/>'
    (tmp_path / "below/more.xsd").write_text(SCHEMA.format("urn:more", line), encoding="utf-8")
    grammar = published.schema(tmp_path / "page.xsd")
    good = b'<page xmlns="urn:page"><line xmlns="urn:more">1</line></page>'

    found = published.breaches({"a": good, "b": good.replace(b"1<", b"one<")}, [grammar])
    code = published.main(["qti21", str(tmp_path / "page.xsd")])

    assert len(found) == 1
    assert found[0].startswith("b, page.xsd, line 1: ")
    assert "no grammar was given for {http://www.imsglobal.org/xsd/imscp" in capsys.readouterr().out
    assert code == 1


@pytest.mark.parametrize("form", ["qti12", "qti21"])
def test_manifest_lists_every_file_once_and_every_need(book, form):
    """Read by pyslet as a content package; what is named is there, what is there is named."""
    found = files(banks.FORMATS[form](book))
    document = ManifestDocument()
    document.read(src=io.BytesIO(found["imsmanifest.xml"]))
    root = ET.fromstring(found["imsmanifest.xml"])
    places = [file.get("href") for file in root.findall(".//{*}file")]
    names = [resource.get("identifier") for resource in root.findall(".//{*}resource")]
    needs = [need.get("identifierref") for need in root.findall(".//{*}dependency")]

    assert len(document.root.Resources.Resource) == len(names)
    assert sorted([*places, "imsmanifest.xml"]) == sorted(found)
    assert len(set(names)) == len(names)
    assert set(needs) <= set(names)
    assert len(needs) == (sum(len(quiz.items) for quiz in book) if form == "qti21" else 0)


def test_every_item_of_the_book_is_marked_by_its_own_key(book):
    """QTI 2.1, with pyslet: the key of the quiz file scores, for every item of every chapter."""
    found = files(banks.FORMATS["qti21"](book))
    for quiz in book:
        for item in quiz.items:
            key = item.answer if item.kind == "numeric" else right_letters(item)
            data = found[f"items/item-{quiz.chapter}-{item.id}.xml"]

            scored = session(data, key[0] if item.kind == "single" else key)

            assert scored["SCORE"] == 1.0, (quiz.chapter, item.id)


@pytest.mark.parametrize("form", EVERY)
def test_a_bank_is_the_same_bytes_each_time(book, form):
    """Nothing in it depends on when or where it was written."""
    assert banks.FORMATS[form](book) == banks.FORMATS[form](book)
