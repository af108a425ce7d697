"""The Sphinx builder ``typst``: every page of the book to Typst, and the whole to PDF.

The config value ``typst_paper`` (or the environment's ``PAPER``, for callers that cannot set it)
names the paper: a4, letter, book, screen, or several with commas. What a chapter needs for a PDF
of its own is left beside the book's files, for `hardwired.press.handout`.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import __
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from hardwired import __version__
from hardwired.formulas import FormulaError
from hardwired.formulas.typst import FormulaChecker
from hardwired.formulas.words import TABLE_NAME, FormulaWords, read
from hardwired.house.files import source_date
from hardwired.house.name import AUTHOR, RIGHTS, SUBTITLE, TITLE
from hardwired.press import handlers, handout  # noqa: F401  (the handlers are registered)
from hardwired.press.adapt import adapt
from hardwired.press.binding import gatherings, net
from hardwired.press.binding.compile import TypesettingError, typeset
from hardwired.press.binding.gatherings import Plan, typeset_book
from hardwired.press.binding.plan import Index, plan_book
from hardwired.press.citations import citation_labels, one_list
from hardwired.press.handlers.cells import MIME_PRIORITY, PrintableOutputs
from hardwired.press.handout import Handout
from hardwired.press.index import index_source
from hardwired.press.structure import Entry, book_order
from hardwired.press.template.sources import (
    PAPERS,
    Book,
    copy_design,
    cover_source,
    handout_source,
)
from hardwired.press.translator import Numbers, Page, Translator
from hardwired.press.written import Written

__all__ = ["TypstBuilder", "setup"]

logger = logging.getLogger(__name__)

_MISSING_GLYPHS = re.compile(r'the text `"(.+?)"` could not be displayed')
_PLACE_MARK = re.compile(r"/\*@(.+?):(\d+)\*/")


class TypstBuilder(Builder):
    """Write the book as Typst and typeset it to PDF/UA-1."""

    name = "typst"
    format = "typst"
    epilog = __("The PDF is in %(outdir)s.")
    allow_parallel = False
    default_translator_class = SphinxTranslator  # only so that Sphinx asks no further
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg", "image/gif"]
    supported_remote_images = False

    def init(self) -> None:
        """Start with no problem noted."""
        self.problems = 0
        self.formulas = FormulaChecker()
        self.say = self._words()
        self.citations: frozenset[str] = frozenset()
        self.one_list: dict[str, str] = {}
        self._copied: dict[str, str] = {}

    def _words(self) -> FormulaWords:
        """Give the words of formulas that no transform has given any."""
        try:
            return read(Path(self.srcdir) / TABLE_NAME)
        except FormulaError as error:
            self.problem_at(str(error), None)
            return FormulaWords()

    # -- what Sphinx asks --------------------------------------------------------------------

    def get_outdated_docs(self) -> str:
        """Name everything: the book is one document."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Give the address of a page, as its translator understands it."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Give the same address from wherever it is asked."""
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: Iterable[str]) -> None:
        """Nothing to prepare."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Not used: pages are written together, in the order of the book."""

    def write(self, *_: Any, **__: Any) -> None:
        """Write all Typst files and typeset what was asked for."""
        self.write_documents()

    def write_documents(self, *_: Any, **__: Any) -> None:
        """Write all Typst files and typeset what was asked for."""
        started = time.perf_counter()
        root = getattr(self.config, "root_doc", "index")
        order = book_order(self.env, root)
        copy_design(Path(self.outdir))
        pages = self._translate(order)
        absent = self._absent(pages)
        if self.problems:
            return self._give_up()
        self._write_sources(pages)
        self._write_handouts(order, pages)
        plan = self._plan(order, pages, absent)
        written = time.perf_counter()
        self._typeset(order, plan)
        if self.problems:
            return self._give_up()
        logger.info(
            "typst: %d pages of sources written in %.1f s, typeset in %.1f s",
            len(pages), written - started, time.perf_counter() - written,
        )  # fmt: skip

    def finish(self) -> None:
        """Nothing to finish."""

    # -- problems ----------------------------------------------------------------------------

    def problem_at(self, message: str, location: Any) -> None:
        """Report a problem; the PDF is then not made."""
        self.problems += 1
        logger.error("%s", message, location=location, type="hardwired", subtype="pdf")

    def _give_up(self) -> None:
        logger.error("no PDF was made (%d problems); the last good one stays", self.problems)
        self.app.statuscode = 1

    # -- pages -------------------------------------------------------------------------------

    def _translate(self, order: Sequence[Entry]) -> dict[str, Written]:
        """Write every page."""
        trees = {}
        for entry in order:
            tree = self.env.get_doctree(entry.docname)
            self.env.resolve_references(tree, entry.docname, self)
            self.post_process_images(tree)
            adapt(tree)
            trees[entry.docname] = tree
        self.citations = frozenset(citation_labels(trees))
        back = {entry.docname for entry in order if entry.matter == "back"}
        self.one_list = one_list(self.env, back)
        parts = {entry.part for entry in order if entry.matter == "main"}
        self.with_parts = len(parts) > 1
        pages = {e.docname: self._translator(e, trees[e.docname]) for e in order}
        return {docname: page.translate() for docname, page in pages.items()}

    def _translator(self, entry: Entry, tree: nodes.document) -> Translator:
        docname = entry.docname
        inside_part = self.with_parts and entry.matter == "main"
        metadata = self.env.metadata.get(docname, {})
        page = Page(
            docname=docname,
            numbers=Numbers(
                dict(self.env.toc_secnumbers.get(docname, {})),
                dict(self.env.toc_fignumbers.get(docname, {})),
                dict(self.config.numfig_format),
            ),
            image=self._image,
            problem=self.problem_at,
            formulas=self.formulas,
            say=self.say,
            level=1 + inside_part + entry.depth,
            show_hidden_input=self.config.typst_show_hidden_input,
            question=str(metadata.get("question", "")),
            citations=self.citations,
            one_list=self.one_list,
            looked_up=entry.matter == "back",
        )
        return Translator(page, tree)

    def _write_sources(self, pages: dict[str, Written]) -> None:
        """Write the pages, with the anchors that somebody names."""
        wanted = {label for page in pages.values() for label in page.links}
        wanted.update(self._index_labels())
        for docname, page in pages.items():
            path = Path(self.outdir) / f"{docname}.typ"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page.typst(wanted), encoding="utf-8")

    def _image(self, node: nodes.image) -> str | None:
        """Copy an image into the Typst root and give its path there."""
        uri = node["uri"]
        if uri not in self.images:
            return None
        source = Path(self.srcdir) / uri
        if not source.is_file():
            return None
        target = Path("images") / self.images[uri]
        if uri not in self._copied:
            (Path(self.outdir) / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, Path(self.outdir) / target)
            self._copied[uri] = f"/{target.as_posix()}"
        return self._copied[uri]

    def _absent(self, pages: dict[str, Written]) -> list[str]:
        """Give the labels of the book's web front, which is not printed; others are a problem."""
        labels = {label for page in pages.values() for label in page.labels}
        absent: set[str] = set()
        for page in pages.values():
            for label, node in page.links.items():
                if label in labels:
                    continue
                absent.add(label)
                docname, _, anchor = label.partition("#")
                if docname != self.config.root_doc:
                    what = f"'{anchor}' in {docname}" if anchor else f"page '{docname}'"
                    self.problem_at(f"a link leads to {what}, which is not printed", node)
        return sorted(absent)

    def _write_handouts(self, order: Sequence[Entry], pages: dict[str, Written]) -> None:
        """Leave what each chapter needs to be typeset alone."""
        book = self._book()
        sources, handouts, promises = {}, {}, {}
        for entry in order:
            if entry.matter != "main" or entry.depth:
                continue
            page = pages[entry.docname]
            chapter = entry.docname.rpartition("/")[2]
            title = self.env.titles[entry.docname].astext()
            sources[chapter] = handout_source(book, entry, title, page.answers)
            absent = tuple(sorted(page.links.keys() - page.labels))
            handouts[chapter] = Handout(book.date, absent)
            promises[chapter] = page.promise.alone
        handout.write(Path(self.outdir), sources, handouts, promises)

    # -- the book ----------------------------------------------------------------------------

    def _book(self) -> Book:
        config = self.config
        return Book(
            title=config.typst_title,
            subtitle=config.typst_subtitle,
            author=config.author if config.author not in ("", "unknown") else AUTHOR,
            version=config.release or __version__,
            rights=config.typst_rights,
            date=source_date(Path(self.srcdir)),
        )

    def _index_labels(self) -> Iterable[str]:
        """Give the labels of all places that the index names."""
        for _, entries in self._index_groups():
            for _, (targets, subs, _) in entries:
                for _, uri in [*targets, *(target for _, at in subs for target in at)]:
                    yield _index_label(uri)

    def _index_groups(self) -> list[Any]:
        return IndexEntries(self.env).create_index(self, group_entries=True)

    def _index(self) -> str:
        groups = self._index_groups()
        return index_source(groups, lambda uri: uri.partition("#")[2] and _index_label(uri))

    def _plan(
        self,
        order: Sequence[Entry],
        pages: dict[str, Written],
        absent: list[str],
    ) -> Plan:
        """Write the main files of the book's gatherings."""
        index = Index(self._index(), frozenset(self._index_labels()))
        plan, files = plan_book(self._book(), order, pages, index, absent)
        out = Path(self.outdir)
        for stale in out.glob("gathering-*"):  # of a book that was shared out in another way
            stale.unlink()
        for name, (source, promise) in files.items():
            (out / name).write_text(source, encoding="utf-8")
            net.write(net.beside(out / name), promise)
        gatherings.write(out, plan)
        self._printed = [
            Path(self.outdir) / name for name in (*files, *map("{}.typ".format, pages))
        ]
        return plan

    def _typeset(self, order: Sequence[Entry], plan: Plan) -> None:
        book = self._book()
        out = Path(self.outdir)
        for paper in self._papers():
            suffix = "" if paper == "a4" else f"-{paper}"
            output = self.pdf_folder / f"hardwired{suffix}.pdf"
            try:
                done = typeset_book(out, plan, output, paper)
                logger.info("typst: %s (%d pages)", output, done.pages)
                for remark in done.remarks[:1]:
                    logger.warning(
                        "%s: %s", output.name, remark, type="hardwired", subtype="layout"
                    )
                if paper != "screen":
                    self._typeset_cover(book, order, done.pages, paper)
            except TypesettingError as error:
                self._explain(error)
                return

    def _typeset_cover(self, book: Book, order: Sequence[Entry], pages: int, paper: str) -> None:
        chapters = [
            (".".join(map(str, number)), self.env.titles[entry.docname].astext())
            for entry in order
            if (number := self.env.toc_secnumbers.get(entry.docname, {}).get(""))
            and entry.depth == 0
        ]
        suffix = "" if paper == "a4" else f"-{paper}"
        main = Path(self.outdir) / f"hardwired{suffix}-cover.typ"
        main.write_text(cover_source(book, pages, chapters), encoding="utf-8")
        output = self.pdf_folder / f"hardwired{suffix}-cover.pdf"
        typeset(main, output, date=book.date, inputs={"paper": paper})

    def _papers(self) -> list[str]:
        wanted = [p.strip().lower() for p in self.config.typst_paper.split(",") if p.strip()]
        unknown = [p for p in wanted if p not in PAPERS]
        if unknown:
            self.problem_at(
                f"there is no paper '{unknown[0]}': choose from {', '.join(PAPERS)}", None
            )
            return []
        return wanted

    @property
    def pdf_folder(self) -> Path:
        """Where PDFs go: ``_build/pdf`` beside the builder's own folder in ``_build``."""
        out = Path(self.outdir)
        if self.config.typst_output:
            return Path(self.confdir, str(self.config.typst_output))
        return out.parent / "pdf" if out.parent.name == "_build" else out

    def _explain(self, error: TypesettingError) -> None:
        """Report what the typesetter said with the place in the book that it comes from."""
        if error.source:
            self.problem_at(error.reason, error.source)
            return
        before = ""
        path = Path(self.outdir) / error.file
        if error.file and path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            before = "".join(lines[: error.line])
        elif missing := _MISSING_GLYPHS.search(error.reason):
            before = self._up_to(missing[1])
        marks = _PLACE_MARK.findall(before)
        location = ":".join(marks[-1]) if marks else None
        if location is None and error.file:
            location = f"{path}:{error.line}"
        self.problem_at(f"the typesetter refuses this: {error.reason}", location)

    def _up_to(self, text: str) -> str:
        """Give the source of the page that first prints a text, up to there."""
        for path in self._printed:
            source = path.read_text(encoding="utf-8")
            if text in source:
                return source[: source.index(text)]
        return ""


def _index_label(uri: str) -> str:
    return uri.removeprefix("%")


def _prefer_print(app: Sphinx, config: Config) -> None:
    """Tell myst-nb which form of an output this builder prints."""
    if "nb_mime_priority_overrides" in config:
        ours = [
            (builder, mime, priority)
            for builder in ("typst", "epub")
            for mime, priority in MIME_PRIORITY
        ]
        config.nb_mime_priority_overrides = [*ours, *config.nb_mime_priority_overrides]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder, its settings and the transform of outputs."""
    app.add_builder(TypstBuilder)
    app.add_config_value("typst_paper", os.environ.get("PAPER") or "a4", "")
    app.add_config_value("typst_title", TITLE, "")
    app.add_config_value("typst_subtitle", SUBTITLE, "")
    app.add_config_value("typst_rights", RIGHTS, "")
    app.add_config_value("typst_show_hidden_input", False, "")
    app.add_config_value("typst_output", "", "")
    app.connect("config-inited", _prefer_print)
    app.add_post_transform(PrintableOutputs)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
