"""A cell in the page shows what it would in Jupyter, and says what is different."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardwired.live import kernel


class Page:
    """What the page hears: every object that came through the door."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.notebook = kernel.Notebook(self.door)

    def door(self, request: bytes) -> bytes:
        """Take what the notebook tells."""
        self.heard.append(json.loads(request))
        return b""

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run one cell and give what it showed."""
        self.heard.clear()
        self.well = self.notebook.run(source, "3")
        return list(self.heard)


@pytest.fixture
def page() -> Page:
    """Give a page with a fresh notebook."""
    return Page()


def test_the_last_expression_is_shown_and_names_live_on(page: Page) -> None:
    """As in a notebook: a value, nothing for None, nothing behind a semicolon."""
    assert page.run("x = 6\nx * 7") == [{"show": "text", "text": "42"}]
    assert page.run("x + 1;") == []
    assert page.run("None") == []
    assert page.run("_ + x") == [{"show": "text", "text": "48"}]  # what a semicolon hid is not kept


def test_an_error_is_cut_to_the_students_own_lines(page: Page) -> None:
    """A library's lines say nothing to a student; cell, line and code do."""
    (said,) = page.run("import json\ndef read(text):\n    return json.loads(text)\nread('{')")

    assert said["kind"] == "JSONDecodeError"
    assert [(line["line"], line["code"]) for line in said["lines"]] == [
        (4, "read('{')"),
        (3, "return json.loads(text)"),
    ]
    assert {line["cell"] for line in said["lines"]} == {"3"}
    assert not page.well


def test_a_syntax_error_names_its_line(page: Page) -> None:
    """Nothing has run, so there is no other line."""
    (said,) = page.run("a = 1\nb = (")

    assert (said["kind"], said["lines"][0]["line"]) == ("SyntaxError", 2)


def test_what_is_different_in_a_page_is_said_in_a_sentence(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typing, threads, the network; each where it is met."""
    monkeypatch.setattr("builtins.input", kernel.no_typing)
    (typing,) = page.run("input('age?')")
    (threads,) = page.run('raise RuntimeError("can\'t start new thread")')
    (network,) = page.run("import urllib.error\nraise urllib.error.URLError('urlopen error')")

    (large,) = page.run("import numpy as np\nnp.array([0], 'int32')[:] = np.int32(2**31)")
    (forked,) = page.run("import types\ntypes.ModuleType('os').fork()")
    (eaten,) = page.run("raise ValueError('with a fork')")

    assert "32 bits" in large["more"][0]
    assert "cannot start other programs" in forked["more"][0]
    assert eaten["more"] == []
    assert "cannot wait for typing" in typing["words"]
    assert "one thread" in threads["more"][0]
    assert "no network" in network["more"][0]


def test_a_module_that_only_the_page_lacks_is_told_from_one_that_nobody_has(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own, and packages of the libraries that are cut; a slip of the pen is neither."""
    monkeypatch.setattr(kernel, "_left_out", ["scipy.signal"])
    told = {}
    for name in ("sqlite3", "scipy.signal.windows", "scipy.signals", "scikit", "os.paths"):
        (said,) = page.run(f"raise ModuleNotFoundError('no', name={name!r})")
        told[name] = said["more"]

    sentence = "is left out of the page; it is there in Jupyter and when graded."
    assert {name: more for name, more in told.items() if more} == {
        "sqlite3": [f"sqlite3 {sentence}"],
        "scipy.signal.windows": [f"scipy.signal.windows {sentence}"],
    }


def test_a_figure_comes_as_markup_in_the_colours_of_the_book(page: Page) -> None:
    """Colours of the house become variables; the name is made of its own labels."""
    (said,) = page.run(
        "from hardwired import figures\nimport matplotlib.pyplot as plt\nfigures.use()\n"
        "fig, ax = plt.subplots()\nax.plot([0, 1])\nax.set_xlabel('days')\n"
        "ax.set_title('Open area');"
    )

    assert said["show"] == "figure"
    assert "var(--hw-" in said["markup"]
    assert "<script" not in said["markup"]
    assert said["words"] == "Figure of this cell: Open area, across days, 1 line"
    assert f'aria-label="{said["words"]}"' in said["markup"]
    assert not said["plain"]


def test_a_figure_that_ends_the_cell_is_shown_once(page: Page) -> None:
    """As value and as open figure it is one figure; two figures have no identifier in common."""
    cell = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([0, 1])\nfig"
    first, second = page.run(cell), page.run(cell)

    assert [len(first), len(second)] == [1, 1]
    ids = [set(_ids(said[0]["markup"])) for said in (first, second)]
    assert ids[0]
    assert ids[0] & ids[1] == set()


def test_a_figure_shares_no_identifier_with_one_of_an_earlier_python() -> None:
    """Which may still stand in the page after Python was stopped; nor with the page's own."""
    cell = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([0, 1])\nfig"
    found = []
    for starts in (1, 2):
        page = Page()
        page.notebook = kernel.Notebook(page.door, starts)
        found.append(set(_ids(page.run(cell)[0]["markup"])))

    assert found[0]
    assert found[0] & found[1] == set()
    assert min(int(name.removeprefix("hw"), 16) for name in found[0] | found[1]) > 1 << 32


def _ids(markup: str) -> list[str]:
    import re

    return re.findall(r'\bid="([^"]+)"', markup)


def test_a_table_is_bounded_and_says_what_was_cut(page: Page) -> None:
    """Rows of text, never markup."""
    (said,) = page.run(
        "import pandas as pd\npd.DataFrame({'<b>': range(100), 'share': [0.125] * 100})"
    )

    assert said["head"] == ["", "<b>", "share"]
    assert said["rows"][1] == ["1", "1", "0.125"]
    assert len(said["rows"]) == kernel.MOST_ROWS
    assert said["more"] == f"100 rows and 2 columns in all; {kernel.MOST_ROWS} and 2 shown"


def test_long_text_is_cut(page: Page) -> None:
    """And says by how much."""
    (said,) = page.run(f"'a' * {kernel.LONGEST}")

    assert said["text"].endswith("… 2 more signs are cut")


def test_a_cell_shows_a_bounded_number_of_things(page: Page, monkeypatch: Any) -> None:
    """And says how many it left out; the next cell begins anew, and an error is always shown."""
    said = page.run("for k in range(1000):\n    display(k)\n1 / 0")
    again = page.run("7")
    monkeypatch.setattr(kernel, "MOST_SIGNS", 100)
    long = page.run("display('a' * 99)\ndisplay(2)")

    assert len(said) == kernel.MOST_SHOWN + 2
    assert said[-2]["kind"] == "ZeroDivisionError"
    assert said[-1]["text"] == "800 more things that this cell shows are left out."
    assert again == [{"show": "text", "text": "7"}]
    assert [one["show"] for one in long] == ["text", "note"]


def test_lines_for_jupyter_are_left_out_and_await_works(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    """A notebook from elsewhere may hold magics and a bare await."""
    page.run("%matplotlib inline\n!ls\nasync def one():\n    return 1\nawait one()")

    assert page.heard == [{"show": "text", "text": "1"}]
    assert "left out here" in capsys.readouterr().out
    assert page.run("text = '''\n%d people\n'''\n%time\ntext")[0]["text"] == "'\\n%d people\\n'"
    (said,) = page.run("%time\nb = (")
    assert (said["kind"], said["lines"][0]["line"]) == ("SyntaxError", 2)


def test_a_cell_is_compiled_as_it_stands(page: Page) -> None:
    """Not with what this module imports from the future: annotations are values."""
    code = "def one(x: 1 + 1): ...\ndict(one.__annotations__)"

    assert page.run(code) == [{"show": "text", "text": "{'x': 2}"}]


def test_a_missing_part_is_fetched_once_and_unpacked() -> None:
    """The first import asks for the part, the second finds that it was asked for."""
    import gzip

    asked: list[bytes] = []

    def door(request: bytes) -> bytes:
        asked.append(request)
        return gzip.compress(b"bytes") if request[:1] == b"{" else b""

    finder = kernel.Finder(door, {"nosuch": "part", "a.b": "other"})

    assert finder.find_spec("nosuch.inner") is None
    assert finder.find_spec("nosuch") is None
    assert finder.find_spec("unknown") is None
    assert asked == [b'{"fetch": "part"}', b"\0part\0bytes"]


def test_a_part_that_did_not_come_is_asked_for_again() -> None:
    """Past what is kept if it was broken; at the next import if there was no answer."""
    import gzip

    answers: list[bytes | OSError] = [OSError("no way"), b"broken", gzip.compress(b"bytes"), b""]
    asked: list[bytes] = []

    def door(request: bytes) -> bytes:
        asked.append(request)
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    finder = kernel.Finder(door, {"nosuch": "part"})
    with pytest.raises(OSError, match="no way"):
        finder.find_spec("nosuch")
    assert finder.find_spec("nosuch") is None
    assert asked[1:] == [
        b'{"fetch": "part"}',
        b'{"fetch": "part", "again": true}',
        b"\0part\0bytes",
    ]
