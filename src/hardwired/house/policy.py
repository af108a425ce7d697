"""What a page of ours may load and run: its content security policy, made from the page itself.

Whatever is written into the page is named by its hash, all else comes from the folder of the book;
``file:`` says the same of a book that is opened from a disk. A page that runs Python may also start
a worker and compile what the worker fetches.

A policy without holes refuses style attributes, so they become one style sheet a page, in which a
rule outweighs other rules as the attribute did.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape, unescape

__all__ = ["give", "named_styles", "policy"]

OWN = "'self' file:"
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_OLDER = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_HEAD = re.compile(r"<head>\s*(?:<meta charset=[^>]*>)?\s*")
_NO_TAGS = re.compile(r"(<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->)", re.DOTALL)
_TAG = re.compile(r"""<[A-Za-z](?:"[^"]*"|'[^']*'|[^'"<>])*>""")
_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
_NAME = re.compile(r"<[^\s/>]+")


def policy(page: str, *, python: bool = False) -> str:
    """Return the policy of a page.

    Parameters
    ----------
    page : str
        Its HTML, with the scripts and style sheets that stand in it, and without style attributes
        and handlers in its tags.
    python : bool
        Whether the page runs Python.

    Returns
    -------
    str
        The policy, as it stands in the header of an answer.
    """
    rules = {
        "default-src": "'none'",
        "script-src": f"{OWN}{_hashes(_SCRIPT, page)}{_given(python, 'wasm-unsafe-eval')}",
        "style-src": f"{OWN}{_hashes(_SHEET, page)}",
        "img-src": f"{OWN} data:",
        "font-src": OWN,
        "form-action": OWN,
        "base-uri": "'self'",
    }
    if python:
        rules |= {"worker-src": "'self'", "connect-src": "'self'"}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def named_styles(page: str) -> str:
    """Turn the style attributes of a page into classes of a style sheet in its head.

    Parameters
    ----------
    page : str
        The HTML of a whole page.

    Returns
    -------
    str
        The same page; equal attributes share a class, in the order in which they come.
    """
    names: dict[str, str] = {}
    older = page.count(":is(#k,")

    def named(tag: re.Match[str]) -> str:
        found = _ATTRIBUTE.search(tag[0])
        if found is None:
            return tag[0]
        bare = tag[0][: found.start()] + tag[0][found.end() :]
        rules = unescape(found[1]).strip().rstrip(";")
        if not rules:
            return bare
        name = names.setdefault(rules, f"k{older + len(names)}")
        if _CLASS.search(bare):
            return _CLASS.sub(rf' class="\g<1> {name}"', bare, count=1)
        return _NAME.sub(rf'\g<0> class="{name}"', bare, count=1)

    parts = _NO_TAGS.split(page)
    parts[::2] = [_TAG.sub(named, part) for part in parts[::2]]
    # An id that nothing has gives the rule the weight of an attribute.
    sheet = "\n".join(f":is(#k,.{name}){{{rules}}}" for rules, name in names.items())
    head = f"<style>\n{sheet}\n</style>\n" if names else ""
    return "".join(parts).replace("</head>", f"{head}</head>", 1)


def give(page: str, *, python: bool = False) -> str:
    """Name the styles of a page, and put its policy into its head, before all that it judges.

    Parameters
    ----------
    page : str
        The HTML of a whole page; a policy that it has already is replaced.
    python : bool
        Whether the page runs Python.

    Raises
    ------
    ValueError
        If the page has no head.
    """
    bare = named_styles(_OLDER.sub("", page))
    head = _HEAD.search(bare)
    if head is None:
        raise ValueError("the page has no <head>, so no policy can stand in it")
    said = escape(policy(bare, python=python), quote=False)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{said}">\n'
    return f"{bare[: head.end()]}{meta}{bare[head.end() :]}"


def _hashes(kind: re.Pattern[str], page: str) -> str:
    """Name each thing that stands in the page once, in the order of the page."""
    digests = dict.fromkeys(sha256(text.encode()).digest() for text in kind.findall(page))
    return "".join(f" 'sha256-{b64encode(digest).decode()}'" for digest in digests)


def _given(wanted: bool, keyword: str) -> str:
    return f" '{keyword}'" if wanted else ""
