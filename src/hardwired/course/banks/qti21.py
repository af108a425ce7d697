"""QTI 2.1: an item a file, a test a chapter, and the manifest that lists them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hardwired.course.banks import package
from hardwired.course.banks.markup import Voice, mathml, name
from hardwired.course.banks.package import Resource, put
from hardwired.course.quiz import Item, Quiz
from hardwired.house.files import pack

__all__ = ["bank"]

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
MATHML = "http://www.w3.org/1998/Math/MathML"
_CARDINALITY = {"single": "single", "multiple": "multiple"}
_CARDINALITY |= {"numeric": "single", "ordering": "ordered"}


def bank(quizzes: Sequence[Quiz]) -> bytes:
    """Return a zip that Canvas, Blackboard and Brightspace take as a package of QTI 2.1."""
    files: dict[str, bytes] = {"imsmanifest.xml": b""}
    resources = []
    for quiz in quizzes:
        items = []
        for item in quiz.items:
            identifier = _identifier(quiz, item)
            items.append(Resource(identifier, "imsqti_item_xmlv2p1", f"items/{identifier}.xml"))
            files[items[-1].href] = _item(quiz, item)
        needs = tuple(item.identifier for item in items)
        place = f"tests/{quiz.chapter}.xml"
        resources += [Resource(f"test-{quiz.chapter}", "imsqti_test_xmlv2p1", place, needs), *items]
        files[place] = _test(quiz, items)
    files["imsmanifest.xml"] = package.manifest(
        "hardwired-quizzes", "QTIv2.1 Package", "1.0.0", resources, "Quizzes of Hardwired"
    )
    return pack(files, date=0)  # nothing in a bank depends on when it was written


def _identifier(quiz: Quiz, item: Item) -> str:
    return f"item-{name(quiz, item)}"


def _test(quiz: Quiz, items: Sequence[Resource]) -> bytes:
    root = ET.Element("assessmentTest", identifier=f"test-{quiz.chapter}", title=quiz.chapter)
    part = put(
        root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual"
    )
    section = put(
        part, "assessmentSection", identifier="section", title=quiz.chapter, visible="true"
    )
    for item in items:
        put(section, "assessmentItemRef", identifier=item.identifier, href=f"../{item.href}")
    return package.document(root, QTI)


def _item(quiz: Quiz, item: Item) -> bytes:
    voice = Voice(quiz, item, mathml)
    root = ET.Element(
        "assessmentItem",
        {
            "identifier": _identifier(quiz, item),
            "title": name(quiz, item),
            "adaptive": "false",
            "timeDependent": "false",
            f"{{{package.XML}}}lang": "en-GB",
        },
    )
    _declare(root, voice)
    body = put(root, "itemBody")
    body.append(_fragment("div", voice.question()))
    _interaction(body, voice)
    _process(put(root, "responseProcessing"), item)
    _feedback(root, voice)
    root.set("xmlns", QTI)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _fragment(tag: str, markup: str, **attributes: str) -> ET.Element:
    node = ET.fromstring(f"<{tag}>{markup}</{tag}>")
    for part in node.iter():  # a formula says its namespace itself; prefixes confuse importers
        part.tag = part.tag.rpartition("}")[2]
        if part.tag == "math":
            part.set("xmlns", MATHML)
    for key, value in attributes.items():
        node.set(key, value)
    return node


def _letters(voice: Voice) -> list[str]:
    """Return the identifiers of the right answer, in order where order counts."""
    letter = {option: letter for letter, option in voice.options()}
    return [letter[option] for option in voice.item.options if option.right]


def _declare(root: ET.Element, voice: Voice) -> None:
    item = voice.item
    numeric = item.kind == "numeric"
    response = put(
        root,
        "responseDeclaration",
        identifier="RESPONSE",
        cardinality=_CARDINALITY[item.kind],
        baseType="float" if numeric else "identifier",
    )
    right = put(response, "correctResponse")
    for value in [f"{item.answer!r}"] if numeric else _letters(voice):
        put(right, "value", value)
    score = put(
        root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float"
    )
    put(put(score, "defaultValue"), "value", "0")
    if item.kind in ("single", "multiple"):
        put(
            root,
            "outcomeDeclaration",
            identifier="FEEDBACK",
            cardinality=_CARDINALITY[item.kind],
            baseType="identifier",
        )
    if item.why:
        put(
            root,
            "outcomeDeclaration",
            identifier="REASON",
            cardinality="single",
            baseType="identifier",
        )


def _interaction(body: ET.Element, voice: Voice) -> None:
    item = voice.item
    if item.kind == "numeric":
        line = put(body, "p")
        put(line, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="10")
        return
    if item.kind == "ordering":
        choices = put(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
    else:
        choices = put(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true")
        choices.set("maxChoices", "1" if item.kind == "single" else "0")
    for letter, option in voice.options():
        choices.append(_fragment("simpleChoice", voice.inline(option.text), identifier=letter))


def _process(processing: ET.Element, item: Item) -> None:
    branch = put(put(processing, "responseCondition"), "responseIf")
    if item.kind == "numeric":
        margin = f"{item.tolerance!r}"
        test = put(branch, "equal", toleranceMode="absolute", tolerance=f"{margin} {margin}")
    else:
        test = put(branch, "match")
    put(test, "variable", identifier="RESPONSE")
    put(test, "correct", identifier="RESPONSE")
    put(put(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", "1", baseType="float")
    if item.kind in ("single", "multiple"):
        told = put(processing, "setOutcomeValue", identifier="FEEDBACK")
        put(told, "variable", identifier="RESPONSE")
    if item.why:
        told = put(processing, "setOutcomeValue", identifier="REASON")
        put(told, "baseValue", "WHY", baseType="identifier")


def _feedback(root: ET.Element, voice: Voice) -> None:
    texts = [("FEEDBACK", letter, option.why) for letter, option in voice.options() if option.why]
    texts += [("REASON", "WHY", voice.item.why)] if voice.item.why else []
    for outcome, identifier, text in texts:
        told = _fragment("modalFeedback", voice.inline(text))
        told.attrib |= {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"}
        root.append(told)
