"""Moodle XML: a category a chapter, every reason as feedback, formulas for Moodle's MathJax."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hardwired.course.banks.markup import Voice, name, tex
from hardwired.course.quiz import Item, Quiz

__all__ = ["CATEGORY", "bank", "shares"]

CATEGORY = "$course$/top/Hardwired/{chapter}"
#: Shares of a mark that Moodle knows, by the number of right options.
_SHARES = ("100", "50", "33.33333", "25", "20", "16.66667", "14.28571", "12.5", "11.11111", "10")
_TYPES = {"single": "multichoice", "multiple": "multichoice"}
_TYPES |= {"numeric": "numerical", "ordering": "matching"}


def shares(voice: Voice) -> list[str]:
    """Return what each option is worth in per cent: right ones share 100, wrong ones cost as much.

    Raises
    ------
    QuizError
        When more options are right than Moodle can share a mark among.
    """
    options = voice.item.options
    right = sum(option.right for option in options)
    if right > len(_SHARES):
        raise voice.refuse(f"{right} options are right", f"Moodle shares a mark by {len(_SHARES)}")
    share = _SHARES[right - 1]
    wrong = "0" if voice.item.kind == "single" else f"-{share}"
    return [share if option.right else wrong for option in options]


def bank(quizzes: Sequence[Quiz]) -> bytes:
    """Return the questions of all quizzes as one file of Moodle XML."""
    root = ET.Element("quiz")
    for quiz in quizzes:
        category = ET.SubElement(root, "question", type="category")
        _text(category, "category", CATEGORY.format(chapter=quiz.chapter))
        for item in quiz.items:
            _question(root, quiz, item)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    node = ET.SubElement(parent, tag, attributes)
    ET.SubElement(node, "text").text = text
    return node


def _html(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    return _text(parent, tag, text, format="html", **attributes)


def _value(parent: ET.Element, **values: str) -> None:
    for tag, value in values.items():
        ET.SubElement(parent, tag).text = value


def _question(root: ET.Element, quiz: Quiz, item: Item) -> None:
    voice = Voice(quiz, item, tex)
    question = ET.SubElement(root, "question", type=_TYPES[item.kind])
    _text(question, "name", name(quiz, item))
    _html(question, "questiontext", voice.question())
    _html(question, "generalfeedback", voice.blocks(item.why))
    _value(question, defaultgrade="1", penalty="0.3333333", hidden="0", idnumber=name(quiz, item))
    if item.kind == "numeric":
        answer = _html(question, "answer", "", fraction="100")
        answer[0].text = f"{item.answer!r}"
        _value(answer, tolerance=f"{item.tolerance!r}")
        _value(question, unitgradingtype="0", unitpenalty="0", showunits="3", unitsleft="0")
    elif item.kind == "ordering":
        _value(question, shuffleanswers="true")
        for place, step in enumerate(item.options, start=1):
            part = _html(question, "subquestion", voice.blocks(step.text))
            _text(part, "answer", str(place))
    else:
        single = str(item.kind == "single").lower()
        _value(question, single=single, shuffleanswers="true", answernumbering="abc")
        for option, share in zip(item.options, shares(voice), strict=True):
            answer = _html(question, "answer", voice.blocks(option.text), fraction=share)
            _html(answer, "feedback", voice.blocks(option.why))
    tags = ET.SubElement(question, "tags")
    for tag in (quiz.chapter, item.objective):
        _text(tags, "tag", tag)
