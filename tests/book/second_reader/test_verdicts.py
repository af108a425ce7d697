"""A second reader has judged a hundred sentences of a chapter, and no fault is left in it."""

import csv
from pathlib import Path

import pytest

from tests.book.second_reader.draw import COLUMNS, ROOT, digest, draw, sentences

SHEETS = sorted(Path(__file__).parent.glob("*.csv"))
SOUND = {"supported", "not an empirical sentence"}
FAULTY = {"overstated", "needs a citation", "from memory without source"}
SAMPLE = """---
file_format: mystnb
---
# A chapter

One sentence.
Another sentence.

## Objectives

- **o1** *explain* something;

```{code-cell}
code = 1
```

**A label.**
:::{box} method A box
A sentence in the box.
:::

:::{pathway} 05-wounds
A caption.
:::

## Summary

Not drawn.
"""


def sheet(path: Path) -> list[dict[str, str]]:
    """Return the rows of a sheet."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_only_main_text_is_drawn():
    """Paragraphs and boxes count; code, captions, labels, objectives and the summary do not."""
    assert sentences(SAMPLE) == ["One sentence.", "Another sentence.", "A sentence in the box."]
    assert draw(SAMPLE, n=2) == draw(SAMPLE, n=2)
    assert len(draw(SAMPLE, n=2)) == 2


@pytest.mark.parametrize("path", SHEETS, ids=lambda p: p.stem)
def test_hundred_sentences_have_a_verdict_and_each_fault_is_mended(path):
    """Sound sentences need nothing; a faulty one says what was wrong and that it is mended."""
    rows = sheet(path)

    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == len({row["hash"] for row in rows}) == 100
    for row in rows:
        assert row["verdict"] in SOUND | FAULTY, row
        assert (row["after"] == "mended") == (row["verdict"] in FAULTY), row
        assert row["note"] or row["verdict"] not in FAULTY, row


@pytest.mark.parametrize("path", SHEETS, ids=lambda p: p.stem)
def test_no_faulty_sentence_still_stands(path):
    """The hash of a sentence found faulty names no sentence of the chapter of today."""
    source = (ROOT / f"book/chapters/{path.stem}.md").read_text(encoding="utf-8")
    today = {digest(sentence) for sentence in sentences(source)}

    assert [row for row in sheet(path) if row["after"] == "mended" and row["hash"] in today] == []
