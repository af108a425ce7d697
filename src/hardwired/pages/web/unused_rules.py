"""Take out of the theme's style sheet every rule that no page can use.

A selector is kept when each class in it occurs in a built page or in a script. Our own sheet and
scripts, which are written by hand, lose their comments and indentation only.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

SHEETS = ("_static/pygments.css", "_static/styles/furo.css")
OWN = ("hardwired.css", "hardwired.js", "quiz.js", "search.js")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_NEGATED = re.compile(r":not\([^)]*\)")
_WORD = re.compile(r"[A-Za-z_][\w-]*")


def words_in_use(folder: Path) -> set[str]:
    """Return every word of the class attributes of the pages, and every word of the scripts."""
    words: set[str] = set()
    for page in folder.rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', page.read_text(encoding="utf-8")):
            words.update(value.split())
    for script in (folder / "_static").rglob("*.js"):
        words.update(_WORD.findall(script.read_text(encoding="utf-8")))
    return words


def _kept_selectors(prelude: str, words: set[str]) -> list[str]:
    selectors = [part.strip() for part in prelude.split(",")]
    if "(" in prelude and re.search(r"\([^)]*,", prelude):  # a comma inside :is(...)
        selectors = [prelude.strip()]
    return [
        selector
        for selector in selectors
        if all(name in words for name in _CLASS.findall(_NEGATED.sub("", selector)))
    ]


def prune(css: str, words: set[str]) -> str:
    """Return a style sheet without the rules whose classes are not among ``words``.

    Parameters
    ----------
    css
        The style sheet.
    words
        Classes in use.
    """
    return _prune(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), words)


def _prune(rules: Iterable[Any], words: set[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = _kept_selectors(tinycss2.serialize(rule.prelude), words)
            if selectors:
                kept.append(f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.content is not None:
            inside = tinycss2.serialize(rule.content)
            if rule.lower_at_keyword in {"media", "supports"}:
                nested = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                inside = _prune(nested, words)
            if inside:
                prelude = tinycss2.serialize(rule.prelude).rstrip()
                kept.append(f"@{rule.at_keyword}{prelude}{{{inside}}}")
        else:
            kept.append(tinycss2.serialize([rule]))
    return "".join(kept)


def without_unused_variables(css: str, elsewhere: set[str]) -> str:
    """Return a style sheet without custom properties that nothing asks for.

    Parameters
    ----------
    css
        The style sheet.
    elsewhere
        Names that other sheets and pages use, ``--with-dashes``.
    """
    while True:
        used = elsewhere | variables_used(css)
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        fewer = _keep_variables(rules, used)
        if fewer == css:
            return css
        css = fewer


def variables_used(text: str) -> set[str]:
    """Return the custom properties that a text asks for."""
    return set(re.findall(r"var\(\s*(--[\w-]+)", text))


def _keep_variables(rules: Iterable[Any], used: set[str]) -> str:
    kept = []
    for rule in rules:
        prelude = tinycss2.serialize(rule.prelude).strip()
        if rule.type == "at-rule" and rule.content is None:
            kept.append(rule.serialize())
        elif rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports"}:
            nested = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            if inside := _keep_variables(nested, used):
                between = "" if prelude.startswith("(") else " "
                kept.append(f"@{rule.at_keyword}{between}{prelude}{{{inside}}}")
        elif rule.type == "at-rule":
            kept.append(rule.serialize())
        else:
            declared = tinycss2.parse_blocks_contents(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            inside = ";".join(
                d.serialize()
                for d in declared
                if d.type != "declaration" or not d.name.startswith("--") or d.name in used
            )
            if inside:
                kept.append(f"{prelude}{{{inside}}}")
    return "".join(kept)


def lean(text: str) -> str:
    """Return a hand-written sheet or script without comments that fill lines, and indentation."""
    text = re.sub(r"^\s*/\*.*?\*/", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def prune_sheets(app: Sphinx, exception: Exception | None) -> None:
    """Prune the sheets of a finished web build in place."""
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    folder = Path(app.outdir)
    words = words_in_use(folder)
    wanted = variables_used((folder / "_static/hardwired.css").read_text(encoding="utf-8"))
    for page in folder.rglob("*.html"):
        wanted |= variables_used(page.read_text(encoding="utf-8"))
    for name in SHEETS:
        sheet = folder / name
        css = prune(sheet.read_text(encoding="utf-8"), words)
        sheet.write_text(without_unused_variables(css, wanted), encoding="utf-8")
    for file in (folder / "_static" / name for name in OWN):
        if file.is_file():
            file.write_text(lean(file.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Run after all pages and assets are in place."""
    app.connect("build-finished", prune_sheets, priority=10_001)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
