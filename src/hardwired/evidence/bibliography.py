"""One work of `references.bib`, and the normalised forms in which titles and names are compared.

What reads the file lives in :mod:`hardwired.evidence.bib_reader`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """One work of the bibliography.

    Parameters
    ----------
    key
        ``kiecolt1995slowing``.
    kind
        ``article``, ``book``, ...
    fields
        Field name (lower case) to its text, outer braces or quotes removed.
    line
        Line of the ``@``.
    lines
        Line of each field.
    """

    key: str
    kind: str
    fields: dict[str, str] = field(hash=False)
    line: int = field(default=0, compare=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False, hash=False)

    @property
    def authors(self) -> tuple[str, ...]:
        """The persons (or editors) as written, split at ``and`` outside braces."""
        text = self.fields.get("author") or self.fields.get("editor") or ""
        return tuple(name.strip() for name in _split_names(text))

    @property
    def doi(self) -> str:
        """The bare DOI, or an empty text."""
        return self.fields.get("doi", "")

    @property
    def title(self) -> str:
        """The title as plain text."""
        return plain(self.fields.get("title", ""))

    @property
    def year(self) -> str:
        """The year as written."""
        return self.fields.get("year", "")

    @property
    def retracted(self) -> bool:
        """Whether the note says that the work was retracted."""
        return self.fields.get("note", "").lower().startswith("retracted")

    def at(self, name: str) -> int:
        """Return the line of a field, or that of the entry when it has no such field."""
        return self.lines.get(name, self.line)


def _split_names(text: str) -> list[str]:
    names, depth, begin = [], 0, 0
    for match in re.finditer(r"[{}]|\sand\s", text):
        sign = match.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif depth == 0:
            names.append(text[begin : match.start()])
            begin = match.end()
    return [*names, text[begin:]] if text else []


_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "µ": "mu",
    "τ": "tau",
    "ω": "omega",
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "å": "a",
    "ł": "l",
    "đ": "d",
    "ı": "i",
}


def plain(text: str) -> str:
    """Return a BibTeX text as a reader sees it: accents composed, braces and commands gone."""
    if "\\" in text or "$" in text:
        import latexcodec  # noqa: F401 - comes with pybtex, and registers the codec

        # A percent sign begins a comment for LaTeX, and not for BibTeX.
        decode = codecs.lookup("ulatex").decode
        text = str(decode(re.sub(r"(?<!\\)%", r"\\%", text), "ignore")[0])  # type: ignore[arg-type]
        text = re.sub(r"\\[A-Za-z]+\s*", "", text)
    text = re.sub(r"[{}]", "", text)
    text = text.replace("---", "—").replace("--", "–").replace("~", "\u00a0")
    return " ".join(unicodedata.normalize("NFC", text).split())


def normalised(text: str) -> str:
    """Return a text in the form in which titles and names are compared.

    LaTeX, accents, case, punctuation, blanks and Greek letters no longer differ:
    ``"Tumour necrosis factor-α"`` and ``"tumour necrosis factor alpha"`` are the same.
    """
    text = unicodedata.normalize("NFKD", plain(text)).lower()
    for letter, word in _GREEK.items():
        text = text.replace(letter, word)
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())


def surname(name: str) -> str:
    """Return the family name of one author as written in BibTeX.

    ``"Kiecolt-Glaser, Janice K."`` and ``"Janice K. Kiecolt-Glaser"`` both give
    ``"Kiecolt-Glaser"``; a name in braces (a body) is returned whole; particles stay
    (``"van der Meer, A."``).
    """
    name = name.strip()
    if name.startswith("{") and name.endswith("}"):
        return plain(name)
    if "," in name:
        return plain(name.split(",")[0])
    words = plain(name).split()
    for place, word in enumerate(words[:-1]):
        if word.islower():
            return " ".join(words[place:])
    return words[-1] if words else ""
