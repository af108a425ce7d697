"""QTI 1.2: an assessment a chapter, in the dialect that Canvas and Blackboard read.

Texts are HTML inside ``mattext``, formulas MathML inside that. Canvas tells its kinds of question
apart by a field ``question_type``; other systems go by the shape of the response.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hardwired.course.banks import package
from hardwired.course.banks.markup import Voice, mathml, name
from hardwired.course.banks.package import Resource, put
from hardwired.course.quiz import Item, Quiz
from hardwired.house.files import pack

__all__ = ["bank"]

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_TYPES = {
    "single": "multiple_choice_question",
    "multiple": "multiple_answers_question",
    "numeric": "numerical_question",
    "ordering": "matching_question",
}


def bank(quizzes: Sequence[Quiz]) -> bytes:
    """Return a zip with an assessment a chapter."""
    files: dict[str, bytes] = {"imsmanifest.xml": b""}
    resources = []
    for quiz in quizzes:
        place = f"assessments/{quiz.chapter}.xml"
        resources.append(Resource(f"assessment-{quiz.chapter}", "imsqti_xmlv1p2", place))
        files[place] = _assessment(quiz)
    files["imsmanifest.xml"] = package.manifest(
        "hardwired-quizzes", "IMS Content", "1.1.3", resources, "Quizzes of Hardwired"
    )
    return pack(files, date=0)  # nothing in a bank depends on when it was written


def _assessment(quiz: Quiz) -> bytes:
    root = ET.Element("questestinterop")
    title = f"Hardwired, {quiz.chapter}"
    assessment = put(root, "assessment", ident=f"assessment-{quiz.chapter}", title=title)
    section = put(assessment, "section", ident="root_section")
    for item in quiz.items:
        _item(section, quiz, item)
    return package.document(root, QTI)


def _item(section: ET.Element, quiz: Quiz, item: Item) -> None:
    voice = Voice(quiz, item, mathml)
    node = put(section, "item", ident=f"item-{name(quiz, item)}", title=name(quiz, item))
    facts = put(put(node, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", _TYPES[item.kind]), ("points_possible", "1")):
        field = put(facts, "qtimetadatafield")
        put(field, "fieldlabel", label)
        put(field, "fieldentry", entry)
    presentation = put(node, "presentation")
    _material(presentation, voice.question())
    processing = ET.Element("resprocessing")
    outcomes = put(processing, "outcomes")
    put(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    if item.why:
        told = put(processing, "respcondition", continue_="Yes")
        put(put(told, "conditionvar"), "other")
        put(told, "displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    if item.kind == "numeric":
        _numeric(presentation, processing, item)
    elif item.kind == "ordering":
        _ordering(presentation, processing, voice)
    else:
        _choice(presentation, processing, voice)
    node.append(processing)
    texts = [(f"{letter}_fb", option.why) for letter, option in voice.options() if option.why]
    for ident, text in [*texts, *([("general_fb", item.why)] if item.why else [])]:
        _material(put(put(node, "itemfeedback", ident=ident), "flow_mat"), voice.blocks(text))


def _material(parent: ET.Element, markup: str) -> None:
    put(put(parent, "material"), "mattext", markup, texttype="text/html")


def _choice(presentation: ET.Element, processing: ET.Element, voice: Voice) -> None:
    single = voice.item.kind == "single"
    response = put(
        presentation,
        "response_lid",
        ident="response1",
        rcardinality="Single" if single else "Multiple",
    )
    choices = put(response, "render_choice", shuffle="Yes")
    for letter, option in voice.options():
        _material(put(choices, "response_label", ident=letter), voice.blocks(option.text))
        told = put(processing, "respcondition", continue_="Yes")
        put(put(told, "conditionvar"), "varequal", letter, respident="response1")
        put(told, "displayfeedback", feedbacktype="Response", linkrefid=f"{letter}_fb")
    marked = put(processing, "respcondition", continue_="No")
    wanted = put(marked, "conditionvar")
    if not single:
        wanted = put(wanted, "and")
    for letter, option in voice.options():
        if option.right:
            put(wanted, "varequal", letter, respident="response1")
        elif not single:
            put(put(wanted, "not"), "varequal", letter, respident="response1")
    put(marked, "setvar", "100", action="Set", varname="SCORE")


def _numeric(presentation: ET.Element, processing: ET.Element, item: Item) -> None:
    assert item.answer is not None
    assert item.tolerance is not None
    response = put(presentation, "response_str", ident="response1", rcardinality="Single")
    put(put(response, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
    marked = put(processing, "respcondition", continue_="No")
    wanted = put(marked, "conditionvar")
    either = put(wanted, "or")
    put(either, "varequal", f"{item.answer!r}", respident="response1")
    both = put(either, "and")
    low, high = item.answer - item.tolerance, item.answer + item.tolerance
    put(both, "vargte", f"{low:.12g}", respident="response1")
    put(both, "varlte", f"{high:.12g}", respident="response1")
    put(marked, "setvar", "100", action="Set", varname="SCORE")


def _ordering(presentation: ET.Element, processing: ET.Element, voice: Voice) -> None:
    """Ask for the place of each step, since importers know matching and not ordering."""
    places = range(1, len(voice.item.options) + 1)
    share = f"{100 / len(voice.item.options):.2f}"
    for letter, step in voice.options():
        ident = f"response_{letter}"
        response = put(presentation, "response_lid", ident=ident)
        _material(response, voice.inline(step.text))
        choices = put(response, "render_choice")
        for place in places:
            put(
                put(put(choices, "response_label", ident=f"place{place}"), "material"),
                "mattext",
                str(place),
            )
        marked = put(processing, "respcondition")
        right = f"place{voice.item.options.index(step) + 1}"
        put(put(marked, "conditionvar"), "varequal", right, respident=ident)
        put(marked, "setvar", share, action="Add", varname="SCORE")
