"""The policy of a page names what stands in it, and nothing that could be put into it later."""

from base64 import b64encode
from hashlib import sha256

import lxml.html
import pytest

from hardwired.house import policy

PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>A page</title>
<style>p{margin:0}</style>
</head>
<body>
<!-- <p style="color:red">not there</p> -->
<p class="a" style="fill:var(--x,#123456)" title="1 &gt; 0">One.</p>
<p style="fill:var(--x,#123456);">Two.</p>
<svg><path style="font:italic 9px &quot;A B&quot;"/></svg>
<pre>&lt;p style=&quot;x&quot;&gt;</pre>
<script>draw('<p style="width:1px">')</script>
<script src="a.js"></script>
</body>
</html>
"""


def digest(text: str) -> str:
    """Name a text as a policy does."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def rules(page: str) -> dict[str, list[str]]:
    """Read the policy that stands in a page."""
    (said,) = lxml.html.fromstring(page).xpath(
        "//meta[@http-equiv='Content-Security-Policy']/@content"
    )
    words = [rule.split() for rule in said.split(";")]
    return {name: sources for name, *sources in words}


def test_what_stands_in_the_page_is_named_by_its_hash_and_nothing_else_is() -> None:
    """One script and two style sheets; no rule lets in what has no hash."""
    page = policy.give(PAGE)
    said = rules(page)
    sheets = lxml.html.fromstring(page).xpath("//style/text()")

    assert said["default-src"] == ["'none'"]
    assert said["script-src"] == ["'self'", "file:", digest("""draw('<p style="width:1px">')""")]
    assert said["style-src"] == ["'self'", "file:", *map(digest, sheets)]
    assert len(sheets) == 2
    assert "unsafe" not in str(said)


def test_style_attributes_become_classes_and_equal_ones_share_one() -> None:
    """Text, scripts and comments keep what only looks like an attribute."""
    page = policy.give(PAGE)
    tree = lxml.html.fromstring(page)

    assert tree.xpath("//@style") == []
    assert tree.xpath("//p/@class") == ["a k0", "k0"]
    assert tree.xpath("//path/@class") == ["k1"]
    assert ":is(#k,.k0){fill:var(--x,#123456)}" in page
    assert ':is(#k,.k1){font:italic 9px "A B"}' in page
    assert tree.xpath("//p[1]/@title") == ["1 > 0"]
    assert """draw('<p style="width:1px">')""" in page
    assert '<!-- <p style="color:red">not there</p> -->' in page


def test_a_second_time_changes_the_policy_alone() -> None:
    """A page into which Python is put has one policy, with leave for the worker."""
    page = policy.give(PAGE)
    live = policy.give(page, python=True)
    said = rules(live)

    assert policy.give(page) == page
    assert said["worker-src"] == said["connect-src"] == ["'self'"]
    assert "'wasm-unsafe-eval'" in said["script-src"]
    assert live.count("Content-Security-Policy") == 1


def test_the_policy_comes_before_all_that_it_judges() -> None:
    """What stands before a policy is not held to it."""
    page = policy.give(PAGE)

    assert page.index("Content-Security-Policy") < min(
        page.index(part) for part in ("<title", "<style", "<script", "<body")
    )


def test_a_page_without_a_head_is_refused() -> None:
    """A policy in the body counts for nothing."""
    with pytest.raises(ValueError, match="no <head>"):
        policy.give("<p>One.</p>")
