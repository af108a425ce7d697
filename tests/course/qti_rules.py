"""The part of QTI 1.2, QTI 2.1 and IMS content packaging that our banks use, as rules.

The published schemas of QTI 2.1 and of packages may not be redistributed, so this is our own
writing of what they demand of the elements we write: which children in which order (a regular
expression over their tags), and which attributes (``?`` marks those that may be missing).
:mod:`tests.course.published` holds the banks against the published ones.
"""

import re
from xml.etree import ElementTree as ET

BLOCK = "((p|div|math|em|strong|code|br) )*"
PACKAGE = {
    "manifest": ("metadata organizations resources ", "identifier"),
    "metadata": ("schema schemaversion ", ""),
    "schema": ("", ""),
    "schemaversion": ("", ""),
    "organizations": ("", ""),
    "resources": ("(resource )+", ""),
    "resource": ("(file )+(dependency )*", "identifier type href"),
    "file": ("", "href"),
    "dependency": ("", "identifierref"),
}
QTI12 = {
    "questestinterop": ("assessment ", ""),
    "assessment": ("(section )+", "ident title"),
    "section": ("(item )+", "ident title?"),
    "item": ("itemmetadata presentation resprocessing (itemfeedback )*", "ident title"),
    "itemmetadata": ("qtimetadata ", ""),
    "qtimetadata": ("(qtimetadatafield )+", ""),
    "qtimetadatafield": ("fieldlabel fieldentry ", ""),
    "fieldlabel": ("", ""),
    "fieldentry": ("", ""),
    "presentation": ("material ((response_lid )+|response_str )", ""),
    "material": ("mattext ", ""),
    "mattext": ("", "texttype?"),
    "response_lid": ("(material )?render_choice ", "ident rcardinality?"),
    "response_str": ("render_fib ", "ident rcardinality?"),
    "render_choice": ("(response_label )+", "shuffle?"),
    "render_fib": ("response_label ", "fibtype"),
    "response_label": ("(material )?", "ident"),
    "resprocessing": ("outcomes (respcondition )+", ""),
    "outcomes": ("decvar ", ""),
    "decvar": ("", "maxvalue minvalue varname vartype"),
    "respcondition": ("conditionvar (setvar )*(displayfeedback )*", "continue?"),
    "conditionvar": ("((not|and|or|other|varequal|vargte|varlte) )+", ""),
    "and": ("((not|and|or|varequal|vargte|varlte) )+", ""),
    "or": ("((not|and|or|varequal|vargte|varlte) )+", ""),
    "not": ("varequal ", ""),
    "other": ("", ""),
    "varequal": ("", "respident"),
    "vargte": ("", "respident"),
    "varlte": ("", "respident"),
    "setvar": ("", "action varname"),
    "displayfeedback": ("", "feedbacktype linkrefid"),
    "itemfeedback": ("flow_mat ", "ident"),
    "flow_mat": ("material ", ""),
}
QTI21 = {
    "assessmentTest": ("(testPart )+", "identifier title"),
    "testPart": ("(assessmentSection )+", "identifier navigationMode submissionMode"),
    "assessmentSection": ("(assessmentItemRef )+", "identifier title visible"),
    "assessmentItemRef": ("", "identifier href"),
    "assessmentItem": (
        "responseDeclaration (outcomeDeclaration )+itemBody responseProcessing (modalFeedback )*",
        "identifier title adaptive timeDependent lang",
    ),
    "responseDeclaration": ("correctResponse ", "identifier cardinality baseType"),
    "correctResponse": ("(value )+", ""),
    "value": ("", ""),
    "outcomeDeclaration": ("(defaultValue )?", "identifier cardinality baseType"),
    "defaultValue": ("value ", ""),
    "itemBody": ("(div|p) ((div|p) )*((choiceInteraction|orderInteraction|p) )", ""),
    "choiceInteraction": ("(simpleChoice )+", "responseIdentifier shuffle maxChoices"),
    "orderInteraction": ("(simpleChoice )+", "responseIdentifier shuffle"),
    "simpleChoice": (BLOCK, "identifier"),
    "textEntryInteraction": ("", "responseIdentifier expectedLength?"),
    "responseProcessing": ("responseCondition (setOutcomeValue )*", ""),
    "responseCondition": ("responseIf ", ""),
    "responseIf": ("(match|equal) setOutcomeValue ", ""),
    "match": ("variable correct ", ""),
    "equal": ("variable correct ", "toleranceMode tolerance"),
    "variable": ("", "identifier"),
    "correct": ("", "identifier"),
    "baseValue": ("", "baseType"),
    "setOutcomeValue": ("(variable|baseValue) ", "identifier"),
    "modalFeedback": (BLOCK, "outcomeIdentifier identifier showHide"),
    "div": (BLOCK, ""),
    "p": (f"(textEntryInteraction |{BLOCK})", ""),
    "em": (BLOCK, ""),
    "strong": (BLOCK, ""),
    "code": ("", ""),
    "br": ("", ""),
}


def breaches(data: bytes, rules: dict[str, tuple[str, str]]) -> list[str]:
    """Return what in a document is not as the rules say, a line each."""
    return _walk(ET.fromstring(data), rules)


def _walk(node: ET.Element, rules: dict[str, tuple[str, str]]) -> list[str]:
    tag = node.tag.rpartition("}")[2]
    if tag == "math":
        return []
    if tag not in rules:
        return [f"{tag} is unknown"]
    children, attributes = rules[tag]
    found = []
    inside = "".join(f"{child.tag.rpartition('}')[2]} " for child in node)
    if not re.fullmatch(children, inside):
        found.append(f"{tag} holds '{inside.strip()}'")
    allowed = {name.rstrip("?") for name in attributes.split()}
    needed = {name for name in attributes.split() if not name.endswith("?")}
    here = {name.rpartition("}")[2] for name in node.attrib}
    if here - allowed or needed - here:
        found.append(f"{tag} has {sorted(here)}")
    return [*found, *(line for child in node for line in _walk(child, rules))]


def dangling(data: bytes) -> set[str]:
    """Return identifiers that something in an item refers to and nothing declares."""
    root = ET.fromstring(data)
    declared, used = set(), set()
    for node in root.iter():
        declared |= {node.get(key) for key in ("ident", "identifier") if node.get(key)}
        keys = ("respident", "linkrefid", "responseIdentifier", "outcomeIdentifier")
        used |= {node.get(key) for key in keys if node.get(key)}
        if node.tag.rpartition("}")[2] in ("variable", "correct", "setOutcomeValue"):
            used.add(node.get("identifier"))
            declared.discard(node.get("identifier"))
    for node in root.iter():
        if node.tag.rpartition("}")[2] in ("responseDeclaration", "outcomeDeclaration"):
            declared.add(node.get("identifier"))
    return {name for name in used if name not in declared}
