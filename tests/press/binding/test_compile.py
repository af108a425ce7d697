"""The call of the typesetter where the typesetter itself is at fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst

from hardwired.press.binding.compile import TypesettingError, typeset
from tests.press.conftest import Build

FAULT = "internal error: tags weren't properly closed (please report this as a bug)"
PAGE = """#import "/template.typ": *
#show: book.with(title: "T")
#chapter(1, "", "t", title: [T])
#fig(rect(width: 9mm), key: "one", number: "1")[One.]
#fig(rect(width: 9mm), key: "two", number: "2")[Two.]
#lorem(50)
#even-end()
"""


@pytest.fixture
def unlucky(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Give a function that lets the typesetter fail until a figure stays where it is."""
    real = typst.Compiler

    def until(saving: str) -> list[str]:
        asked: list[str] = []

        class Unlucky:
            """The typesetter, with its fault on every page that holds a float."""

            def __init__(self, *arguments: Any, **options: Any) -> None:
                self.still = options["sys_inputs"].get("still", "[]")
                self.inner = real(*arguments, **options)

            def query(self, *arguments: Any, **options: Any) -> str:
                return self.inner.query(*arguments, **options)

            def compile_with_warnings(self, **options: Any) -> Any:
                asked.append(self.still)
                if self.still != saving:
                    raise RuntimeError(FAULT)
                return self.inner.compile_with_warnings(**options)

        monkeypatch.setattr(typst, "Compiler", Unlucky)
        return asked

    return until


def test_a_page_that_cannot_be_tagged_is_set_in_another_way(
    sink: Build, tmp_path: Path, unlucky: Callable[[str], list[str]]
) -> None:
    """One figure after the other is kept from floating, until the typesetter can tag the pages."""
    main = sink.out / "unlucky.typ"
    main.write_text(PAGE, encoding="utf-8")
    asked = unlucky('["two"]')

    typeset(main, tmp_path / "page.pdf", date=0, checked=False)

    assert asked == ["[]", '["one"]', '["two"]']
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_page_that_can_be_tagged_in_no_way_is_said(
    sink: Build, tmp_path: Path, unlucky: Callable[[str], list[str]]
) -> None:
    """When no figure helps, the typesetter's own words are reported."""
    main = sink.out / "unlucky.typ"
    main.write_text(PAGE, encoding="utf-8")
    unlucky("never")

    with pytest.raises(TypesettingError, match="tags weren't properly closed"):
        typeset(main, tmp_path / "page.pdf", date=0, checked=False)
    assert not (tmp_path / "page.pdf").exists()
