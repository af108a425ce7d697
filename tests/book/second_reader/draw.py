"""Draw sentences of a chapter's main text for a second reader, the same ones at every call.

Use: ``python -m tests.book.second_reader.draw 05-wounds > 05-wounds.csv`` (from the root of the
repository); the reader fills the column ``verdict``, and ``after`` once a fault is mended.
The sheets were drawn with the seed 5; chapter 3 was drawn anew after its second edition, first
with ``--seed 303`` and, once what that reading found was mended, with ``--seed 404``, and by
another reader with ``--seed 3003``; chapter 5 was drawn anew with ``--seed 505``, chapter 6 with
``--seed 606``, and chapter 8 with ``--seed 808`` before its sceptical reading was mended.
Third, strict readers drew chapter 3 with ``--seed 3103``, chapter 4 with ``--seed 4104`` and, once
its four faults were mended, with ``--seed 4105``, chapter 6 with ``--seed 6106``, chapter 7 with
``--seed 7107`` and chapter 8 with ``--seed 8108``, each after a sweep of the whole chapter.
"""

import argparse
import csv
import hashlib
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
SEED = 5
COLUMNS = ("number", "sentence", "hash", "verdict", "after", "note")
BOX = re.compile(r":{3,}\{(?:box|margin)\}")
LABEL = re.compile(r"(\*{1,2})[^*]+\1")
END_OF_MAIN_TEXT = "## Summary"


def sentences(source: str) -> list[str]:
    """Return the sentences of a chapter's main text, in order.

    Parameters
    ----------
    source
        The chapter in MyST, one sentence a line.

    Returns
    -------
    list of str
        From the first paragraph to the line before the summary, boxes included; no headings,
        labels, objectives, code, captions, tables, options of directives or displayed equations.
    """
    found: list[str] = []
    hidden: list[str] = []
    displayed = False
    body = source.split(END_OF_MAIN_TEXT, maxsplit=1)[0].split("\n# ", maxsplit=1)[1]
    for line in body.splitlines()[1:]:
        fence = re.match(r"(:{3,}|`{3,})(.*)", line)
        if fence and hidden and fence.group(1) == hidden[-1] and not fence.group(2).strip():
            hidden.pop()
        elif fence and not BOX.match(line) and fence.group(2).strip():
            hidden.append(fence.group(1))
        elif line.startswith("$$"):
            displayed = not displayed
        elif (
            not (fence or hidden or displayed)
            and line.strip()
            and line[0] not in "#-(|:"
            and not LABEL.fullmatch(line.strip())
        ):
            found.append(line.strip())
    return found


def draw(source: str, n: int = 100, seed: int = SEED) -> list[tuple[int, str]]:
    """Return `n` sentences with their places among all, drawn without replacement, in order."""
    every = sentences(source)
    places = np.random.default_rng(seed).choice(len(every), size=min(n, len(every)), replace=False)
    return [(int(place), every[place]) for place in sorted(places)]


def digest(sentence: str) -> str:
    """Return twelve hexadecimal digits that name a sentence."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:12]


def main(arguments: list[str] | None = None) -> None:
    """Write the empty sheet of a chapter to the standard output; `--full` gives whole sentences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", help="such as 05-wounds")
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--full", action="store_true", help="whole sentences, to be read")
    chosen = parser.parse_args(arguments)
    source = (ROOT / f"book/chapters/{chosen.chapter}.md").read_text(encoding="utf-8")
    sheet = csv.writer(sys.stdout, lineterminator="\n")
    sheet.writerow(COLUMNS)
    for place, sentence in draw(source, chosen.n, chosen.seed):
        shown = sentence if chosen.full else sentence[:60]
        sheet.writerow((place, shown, digest(sentence), "", "", ""))


if __name__ == "__main__":
    main()
