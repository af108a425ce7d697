"""Question banks against the published grammars of their formats, which the project does not carry.

The test of QTI 1.2 takes its grammar from the source of pyslet, which ``make test`` fetches by the
hash in ``requirements-sources.lock``. Whoever has other grammars on disk runs::

    python -m tests.course.published qti21 imsqti_v2p1p2.xsd imscp_v1p1.xsd

and hears of every file of the bank that breaks its grammar or has none. Nothing is fetched: what a
schema imports is looked for, by its file name, beside and below that schema.
"""

import argparse
import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from hardwired.course import banks

ROOT = Path(__file__).parents[2]
SOURCES = Path(sys.prefix) / "sources"
QTI12 = "unittests/data_imsqtiv1p2p1/ims_qtiasiv1p2p1.dtd"


class _Beside(etree.Resolver):
    """Finds what a schema imports on the disk, whatever address the schema gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url, public, context):  # the names are lxml's
        name = Path(urlsplit(url).path).name
        found = sorted(self.folder.rglob(name)) if name else []
        return self.resolve_filename(str(found[0]), context) if found else None


@dataclass(frozen=True)
class Grammar:
    """A schema with the namespace it is for, or a DTD, which knows no namespaces."""

    name: str
    rules: etree.XMLSchema | etree.DTD
    namespace: str | None = None

    def knows(self, root: etree._Element) -> bool:
        """Tell whether a document of this root is one of the grammar's."""
        name = etree.QName(root)
        if isinstance(self.rules, etree.DTD):
            return name.localname in {element.name for element in self.rules.iterelements()}
        return name.namespace == self.namespace

    def faults(self, data: bytes) -> list[str]:
        """Return what in a document breaks the grammar, a line each."""
        root = etree.fromstring(data)
        if isinstance(self.rules, etree.DTD):
            for node in root.iter(etree.Element):
                node.tag = etree.QName(node).localname
            etree.cleanup_namespaces(root)
        self.rules.validate(root)
        return [f"line {fault.line}: {fault.message}" for fault in self.rules.error_log]


def schema(path: Path) -> Grammar:
    """Read an XML Schema or a DTD from the disk."""
    if path.suffix == ".dtd":
        return Grammar(path.name, etree.DTD(str(path)))
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside(path.parent))
    tree = etree.parse(str(path), parser)
    return Grammar(path.name, etree.XMLSchema(tree), tree.getroot().get("targetNamespace"))


def qti12() -> Grammar:
    """Return the DTD of QTI 1.2.1, final release of 14 February 2003, from the source of pyslet."""
    found = sorted(SOURCES.glob("pyslet-*.tar.gz"))
    if not found:
        raise FileNotFoundError(f"{SOURCES} lacks the source of pyslet; 'make test' fetches it")
    with tarfile.open(found[0]) as archive:
        (place,) = [name for name in archive.getnames() if name.endswith(QTI12)]
        member = archive.extractfile(place)
        assert member is not None
        return Grammar(Path(place).name, etree.DTD(io.BytesIO(member.read())))


def breaches(files: Mapping[str, bytes], grammars: Sequence[Grammar]) -> list[str]:
    """Return what in the files of a bank breaks the grammars; a file without one is a breach."""
    found = []
    for place, data in files.items():
        root = etree.fromstring(data)
        mine = [grammar for grammar in grammars if grammar.knows(root)]
        if not mine:
            found.append(f"{place}: no grammar was given for {root.tag}")
        found += [f"{place}, {g.name}, {fault}" for g in mine for fault in g.faults(data)]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the bank of all quizzes of the book against grammars; 1 when one is broken."""
    parser = argparse.ArgumentParser(prog="tests.course.published", description=__doc__)
    parser.add_argument("format", choices=("qti12", "qti21"))
    parser.add_argument("grammar", type=Path, nargs="+", help="an XML Schema or a DTD")
    given = parser.parse_args(arguments)
    data = banks.FORMATS[given.format](banks.collect(ROOT / "exercises"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = breaches(files, [schema(path) for path in given.grammar])
    for line in found:
        print(line)
    print(f"{len(files)} files, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
