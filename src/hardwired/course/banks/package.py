"""What packages of IMS content share: the manifest, and documents of one namespace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

__all__ = ["Resource", "document", "manifest", "put"]

CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True)
class Resource:
    """A file of the package: its identifier, type and place, and what it needs."""

    identifier: str
    kind: str
    href: str
    needs: tuple[str, ...] = ()


def put(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Append an element; a trailing underscore of an attribute's name is dropped."""
    named = {key.rstrip("_"): value for key, value in attributes.items()}
    node = ET.SubElement(parent, tag, named)
    if text:
        node.text = text
    return node


def document(root: ET.Element, namespace: str) -> bytes:
    """Return a document whose plain tags are all of one namespace."""
    root.set("xmlns", namespace)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def manifest(
    identifier: str, schema: str, version: str, resources: Sequence[Resource], title: str
) -> bytes:
    """Return ``imsmanifest.xml``.

    Parameters
    ----------
    identifier, title
        Of the package.
    schema, version
        What kind of package it says it is.
    resources
        Its files.
    """
    root = ET.Element("manifest", identifier=identifier)
    root.append(ET.Comment(f" {title} "))
    about = put(root, "metadata")
    put(about, "schema", schema)
    put(about, "schemaversion", version)
    put(root, "organizations")
    listed = put(root, "resources")
    for resource in resources:
        node = put(
            listed,
            "resource",
            identifier=resource.identifier,
            type_=resource.kind,
            href=resource.href,
        )
        put(node, "file", href=resource.href)
        for need in resource.needs:
            put(node, "dependency", identifierref=need)
    return document(root, CP)
