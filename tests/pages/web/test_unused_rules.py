"""Style sheets lose what no page can use, and hand-written files what no browser reads."""

import pytest

from hardwired.pages.web import unused_rules


def test_a_rule_stays_if_each_of_its_classes_is_in_use():
    """Of a list of selectors, only those that can match."""
    css = ".a{x:1}.b{x:2}.a .b,.a i{x:3}@media print{.b{x:4}}i{x:5}"

    assert unused_rules.prune(css, {"a"}) == ".a{x:1}.a i{x:3}i{x:5}"


def test_a_custom_property_stays_if_something_asks_for_it():
    """Also by way of another; in any mode; a semicolon inside a string ends nothing."""
    css = (
        'body{--a:var(--b);--b:1;--c:url("x;y");--d:2}'
        "@media(prefers-color-scheme:dark){body{--a:3;--c:4}i{--c:5}}i{x:var(--a)}"
        '.s{background:url("data:image/svg+xml;utf8,<svg>")}'
    )

    assert unused_rules.without_unused_variables(css, {"--d"}) == (
        "body{--a:var(--b);--b:1;--d:2}@media(prefers-color-scheme:dark){body{--a:3}}i{x:var(--a)}"
        '.s{background:url("data:image/svg+xml;utf8,<svg>")}'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/* Why */\n\n.a { x: 1; }\n  .b { x: 2; }\n", ".a { x: 1; }\n.b { x: 2; }\n"),
        ("/* Two\n   lines */\n.a {}\n", ".a {}\n"),
        ("// Why\nconst a = 1; // stays\n  run(a);\n", "const a = 1; // stays\nrun(a);\n"),
        ('const url = "https://a/";\n', 'const url = "https://a/";\n'),
    ],
)
def test_comments_that_fill_lines_and_indentation_go(text, expected):
    """Nothing inside a line is touched."""
    assert unused_rules.lean(text) == expected
