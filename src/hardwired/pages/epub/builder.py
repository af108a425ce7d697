"""The EPUB: Sphinx's own builder, with pages that a reading system and EPUBCheck accept.

Sphinx writes pages for its HTML themes. Here each page is cut down to its text, formulas get
their namespace, the package gets its metadata (cover, language, accessibility) and its one
stylesheet, and what needs a script stays out. Not here: what the nodes look like in HTML.
"""

from __future__ import annotations

import re
from html import escape, unescape
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import typst
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired import __version__
from hardwired.house.files import pack, source_date, write_atomic
from hardwired.pages.epub.marks import marked
from hardwired.pages.epub.navigation import landmarks, numbered, with_landmarks
from hardwired.press.template.sources import copy_design

__all__ = ["AccessibleEpubBuilder", "clean_page", "describe_package"]

STYLE = "_static/book.css"
COVER = "_static/cover.png"
KEPT = {"book.css", "cover.png"}

FEATURES = (
    "alternativeText",
    "describedMath",
    "displayTransformability",
    "index",
    "MathML",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
)
STANDARD = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
SUMMARY = (
    "Figures have alternative text, formulas are MathML with their words, tables have headers; "
    "nothing needs a script."
)

_BODY = re.compile(
    r'<div class="body" role="main">(?P<body>.*?)<div class="clearer"></div>', re.DOTALL
)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_LISTED = re.compile(r'(<item id="[^"]*" href="([^"]*)" media-type="application/xhtml\+xml") />')

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="{language}" xml:lang="{language}">
<head>
<meta charset="utf-8" />
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="{style}" />
</head>
<body>
{body}
</body>
</html>
"""

COVER_PAGE = '<section epub:type="cover"><img class="cover" src="{image}" alt="{alt}" /></section>'


def clean_page(page: str, path: Path, folder: Path, language: str) -> str:
    """Cut a page down to its text.

    Parameters
    ----------
    page : str
        A page as Sphinx wrote it.
    path, folder : pathlib.Path
        Where it stands, and the root of the EPUB: links to files that are not there become text.
    language : str
        The language tag of the book.

    Returns
    -------
    str
        A page of valid XHTML, as far as its nodes are.
    """
    found = _BODY.search(page)
    if found is None:
        return page
    body = re.sub(r"(?:</div>\s*){0,2}$", "", found["body"].strip()).strip()
    body = _balanced(body)
    body = re.sub(r"<(script|style)\b.*?</\1>", "", body, flags=re.DOTALL)
    body = re.sub(r"<math(?![^>]*xmlns)", '<math xmlns="http://www.w3.org/1998/Math/MathML"', body)
    body = re.sub(r"<m(?!style\b|ath\b)[a-z]+\b[^>]*>", _without_style, body)
    body = re.sub(r"<svg(?![^>]*xmlns)", '<svg xmlns="http://www.w3.org/2000/svg"', body)
    body = re.sub(r"<summary.*?</summary>", _one_line, body, flags=re.DOTALL)
    body = re.sub(r'(<table\b[^>]*?) border="\d+"', r"\1", body)
    body = _LINK.sub(lambda link: _kept_link(link, path, folder), body)
    body = marked(body)
    up = "../" * (len(path.relative_to(folder).parts) - 1)
    title = _TITLE.search(page)
    return PAGE.format(
        language=language,
        title=escape(re.sub(r"<[^>]*>", "", unescape(title[1] if title else "")), quote=False),
        style=up + STYLE,
        body=body,
    )


def _without_style(tag: re.Match[str]) -> str:
    """Leave out what MathML Core lets every element say and EPUB only ``mstyle``."""
    kept = tag[0] if tag[0].startswith("<mtable") else re.sub(r' displaystyle="[^"]*"', "", tag[0])
    return re.sub(r' scriptlevel="[^"]*"', "", kept)


def _one_line(summary: re.Match[str]) -> str:
    """Make the paragraphs of a summary spans; EPUB allows no paragraph there."""
    return re.sub(r"</p>", "</span>", re.sub(r"<p\b", "<span", summary[0]))


def _balanced(body: str) -> str:
    """Close the divisions that the cut left open."""
    open_divisions = len(re.findall(r"<div\b", body)) - body.count("</div>")
    return body + "</div>" * max(open_divisions, 0)


def _kept_link(link: re.Match[str], path: Path, folder: Path) -> str:
    address = unescape(link[1])
    if address.startswith("#") or re.match(r"[a-z]+:", address):
        return link[0]
    file = (path.parent / unquote(address.partition("#")[0])).resolve()
    return link[0] if file.is_file() and file.is_relative_to(folder.resolve()) else link[2]


def describe_package(package: str, pages: dict[str, str], certifier: str) -> str:
    """Tell in the package what its pages hold and how they can be read.

    Parameters
    ----------
    package : str
        ``content.opf`` as Sphinx wrote it.
    pages : dict of str to str
        The pages, by their address in the package.
    certifier : str
        Who says that the book meets the standard of accessibility.
    """

    def with_properties(item: re.Match[str]) -> str:
        text = pages.get(unquote(unescape(item[2])), "")
        properties = [name for name, tag in (("mathml", "<math"), ("svg", "<svg")) if tag in text]
        told = f' properties="{" ".join(properties)}"' if properties else ""
        return f"{item[1]}{told} />"

    read: set[str] = set()

    def once(item: re.Match[str]) -> str:
        known = item[1] in read
        read.add(item[1])
        return "" if known else item[0]

    package = _LISTED.sub(with_properties, package)
    # Sphinx puts the index, and a cover of an earlier build, into the reading order twice.
    package = re.sub(r'\s*<itemref idref="([^"]*)"[^>]*/>', once, package)
    package = re.sub(
        rf'(href="{re.escape(COVER)}" media-type="image/png") />',
        r'\1 properties="cover-image" />',
        package,
    )
    package = re.sub(r"\s*<meta property=\"ibooks:version\"></meta>", "", package)
    package = re.sub(r"\s*<dc:contributor>unknown</dc:contributor>", "", package)
    # The index stands in the contents, and Sphinx puts it at the end once more.
    package = re.sub(r'(\s*<itemref idref="[^"]*" />)(?=.*?\1)', "", package, flags=re.DOTALL)
    facts = [("accessMode", "textual"), ("accessMode", "visual")]
    facts += [("accessModeSufficient", "textual"), ("accessModeSufficient", "textual,visual")]
    facts += [("accessibilityFeature", feature) for feature in FEATURES]
    facts += [("accessibilityHazard", "none"), ("accessibilitySummary", SUMMARY)]
    lines = "".join(f'\n    <meta property="schema:{name}">{text}</meta>' for name, text in facts)
    lines += f'\n    <meta property="dcterms:conformsTo">{STANDARD}</meta>'
    lines += f'\n    <meta property="a11y:certifiedBy">{escape(certifier, quote=False)}</meta>'
    return package.replace("\n  </metadata>", f"{lines}\n  </metadata>", 1)


class AccessibleEpubBuilder(Epub3Builder):
    """Sphinx's EPUB builder, with its pages and package brought to the book's standard."""

    def build_content(self) -> None:
        """Clean the pages, add cover and stylesheet, then write and complete the package."""
        folder = Path(self.outdir)
        # What an earlier build left would be listed before it is made, or be linked to.
        for left in (self._packed(folder), folder / self.coverpage_name):
            left.unlink(missing_ok=True)
        self._clean_static(folder / "_static")
        pages = {}
        for path in sorted(folder.rglob(f"*{self.out_suffix}")):
            address = path.relative_to(folder).as_posix()
            if address in ("nav.xhtml", self.coverpage_name):
                continue
            page = path.read_text(encoding="utf-8")
            pages[address] = clean_page(page, path, folder, self.config.epub_language)
        for address, page in pages.items():
            (folder / address).write_text(page, encoding="utf-8")
        shown = "".join(pages.values())
        for picture in (folder / self.imagedir).glob("*"):
            if picture.name not in shown:
                picture.unlink()
        self._write_cover(folder)
        super().build_content()
        package = folder / "content.opf"
        text = package.read_text(encoding="utf-8")
        package.write_text(describe_package(text, pages, self.config.author), encoding="utf-8")
        self._write_cover_page(folder)

    def get_toc(self) -> None:
        """List the pages and, where Sphinx was told to list titles only, their sections too."""
        super().get_toc()
        names = {self.get_target_uri(name): name for name in self.env.found_docs}
        if not any("#" in entry["refuri"] for entry in self.refnodes):
            listed = []
            for entry in self.refnodes:
                listed.append(entry)
                name = names.get(entry["refuri"])
                if name is not None and name != self.config.root_doc:
                    listed += self._sections(name, entry)
            self.refnodes = listed
        numbers = {
            self.fix_fragment(address, anchor): number
            for address, name in names.items()
            for anchor, number in self.env.toc_secnumbers.get(name, {}).items()
        }
        root = self.get_target_uri(self.config.root_doc)
        self.refnodes = [numbered(entry, numbers, root) for entry in self.refnodes]

    def _sections(self, name: str, page: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "level": page["level"] + 1,
                "refuri": self.fix_fragment(page["refuri"], entry["anchorname"]),
                "text": escape(entry.astext()),
            }
            for entry in self.env.tocs[name].findall(nodes.reference)
            if entry.get("anchorname") and _depth(entry) == 1
        ]

    def build_navigation_doc(self) -> None:
        """Write the contents, and the landmarks below them."""
        super().build_navigation_doc()
        contents = Path(self.outdir) / "nav.xhtml"
        marks = landmarks(self.files, self.coverpage_name, self.out_suffix)
        text = with_landmarks(contents.read_text(encoding="utf-8"), marks, STYLE)
        contents.write_text(text, encoding="utf-8")

    def build_toc(self) -> None:
        """Write the old contents with the identifier that the package has."""
        super().build_toc()
        old = Path(self.outdir) / "toc.ncx"
        text = old.read_text(encoding="utf-8")
        wrong = f'content="{self.config.epub_uid}"'
        right = f'content="{escape(self.config.epub_identifier)}"'
        old.write_text(text.replace(wrong, right), encoding="utf-8")

    def build_epub(self) -> None:
        """Pack the files, all with the source's date: the same book is the same bytes."""
        folder = Path(self.outdir)
        names = ["META-INF/container.xml", "content.opf", "toc.ncx", "nav.xhtml", *self.files]
        files = {name: (folder / name).read_bytes() for name in ("mimetype", *names)}
        packed = pack(files, date=source_date(Path(self.srcdir)), stored=("mimetype",))
        write_atomic(self._packed(folder), packed)

    def _packed(self, folder: Path) -> Path:
        return folder / f"{self.config.epub_basename}.epub"

    def _clean_static(self, static: Path) -> None:
        for path in sorted(static.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.name not in KEPT:
                path.unlink()
        static.mkdir(parents=True, exist_ok=True)
        style = resources.files("hardwired.pages.epub") / "epub.css"
        (static / "book.css").write_text(style.read_text(encoding="utf-8"), encoding="utf-8")

    def _write_cover(self, folder: Path) -> None:
        """Draw the front of the cover with the page design of the PDF."""
        work = Path(self.doctreedir) / "epub-cover"
        work.mkdir(parents=True, exist_ok=True)
        copy_design(work)
        config = self.config
        facts = [config.epub_title, config.typst_subtitle, config.epub_author]
        title, subtitle, author = (f'"{fact}"' for fact in facts)
        main = work / "front.typ"
        main.write_text(
            '#import "/cover.typ": front-page\n'
            f"#front-page(title: {title}, subtitle: {subtitle}, author: {author})\n",
            encoding="utf-8",
        )
        compiler = typst.Compiler(str(main), root=str(work), ignore_system_fonts=True)
        picture = compiler.compile(format="png", ppi=160)
        assert isinstance(picture, bytes)
        (folder / COVER).write_bytes(picture)

    def _write_cover_page(self, folder: Path) -> None:
        title = escape(self.config.epub_title)
        page = PAGE.format(
            language=self.config.epub_language,
            title=title,
            style=STYLE,
            body=COVER_PAGE.format(image=COVER, alt=f"Cover of {title}"),
        )
        (folder / self.coverpage_name).write_text(page, encoding="utf-8")


def _depth(entry: nodes.Node) -> int:
    """Give how many lists of contents lie round an entry's own."""
    lists, ancestor = 0, entry.parent
    while ancestor is not None:
        lists += isinstance(ancestor, nodes.bullet_list)
        ancestor = ancestor.parent
    return lists - 1


class WithoutScripts(SphinxPostTransform):
    """Take out what only a browser with scripts can use: explorers and filters."""

    builders = ("epub",)

    def run(self, **kwargs: Any) -> None:
        """Remove raw HTML inside models and ledgers, and everything marked for the web."""
        for raw in list(self.document.findall(nodes.raw)):
            if raw.parent is not None and _for_the_web(raw):
                raw.parent.remove(raw)
        for node in list(self.document.findall(nodes.Element)):
            if "hw-web-only" in node.get("classes", ()) and node.parent is not None:
                node.parent.remove(node)


def _for_the_web(node: nodes.Node) -> bool:
    ancestor = node.parent
    while isinstance(ancestor, nodes.Element):
        if {"hw-model", "hw-ledger"} & set(ancestor.get("classes", ())):
            return True
        ancestor = ancestor.parent
    return False


def describe(app: Sphinx, config: Config) -> None:
    """Fill what the package says of the book, unless the author has."""
    asked = config._raw_config
    defaults = {
        "epub_title": config.typst_title,
        "epub_basename": "hardwired",
        "epub_author": config.author,
        "epub_publisher": config.author,
        "epub_description": config.typst_subtitle,
        "epub_language": (config.language or "en").replace("_", "-"),
        "epub_identifier": "urn:hardwired:textbook",
        "epub_scheme": "URN",
        "epub_uid": "book-id",
        "epub_tocscope": "includehidden",
        "epub_tocdepth": 3,
        "epub_tocdup": False,
        "epub_show_urls": "no",
        "epub_cover": (COVER, "epub-cover.html"),
        "epub_copyright": config.typst_rights,
        "version": __version__,
    }
    for name, value in defaults.items():
        if name not in asked or asked[name] in ("", None):
            setattr(config, name, value)
