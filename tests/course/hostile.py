"""What a stranger may hand in: files, names, zips, forged answers, figures, and texts for sheets.

Each is a mechanism of its own. None may stop the grading of the others, hang it, or cost it memory.
"""

# ruff: noqa: E501 - tables of tests are easier to read in one line

from __future__ import annotations

import base64
import io
import json
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from tests.course import tiny

__all__ = ["CELLS", "FILES", "LINES", "NAMES", "PICTURES", "PROSE", "ZIPS", "forging", "png"]


def _notebook(change: Callable[[dict[str, Any]], Any], student: str = "eve") -> bytes:
    notebook = tiny.filled(student)
    change(notebook)
    return json.dumps(notebook).encode()


def _first(source: str) -> bytes:
    return _notebook(
        lambda nb: nb["cells"][0].update(source=source + "\n" + nb["cells"][0]["source"])
    )


def _cell(source: str) -> bytes:
    extra = {"cell_type": "code", "metadata": {}, "id": "x", "source": source}
    return _notebook(lambda nb: nb["cells"].append(extra))


def _packed(name: str, data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return sink.getvalue()


HEAD = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ['

# name -> bytes of a notebook
FILES: dict[str, bytes] = {
    "an identifier behind a million blanks": _first("STUDENT = a" + " " * 1_000_000 + "b"),
    "blanks before and behind an identifier": _first("STUDENT" + " " * 400_000 + "=" + " " * 400_000 + "x" * 1000),
    "a million lines of STUDENT": _first("STUDENT == 1\n" * 70_000),
    "an identifier of 4,000 hexadecimal digits": _first("STUDENT = 0x" + "f" * 4000),
    "an identifier of 5,000 digits": _first("STUDENT = " + "9" * 5000),
    "an identifier of parentheses": _first("STUDENT = " + "(" * 250 + ")" * 250),
    "an identifier that is a lone surrogate": _first('STUDENT = "\\ud800"'),
    "an identifier with escapes": _first('STUDENT = "\\x1b]0;x\\x07\\x1b[2J"'),
    "an identifier of many letters": _first(f'STUDENT = "{"x" * 290}"'),
    "an identifier of two lines": _first('STUDENT = "eve\\nfor a person: ann: give 0"'),
    "a lone surrogate in a source": HEAD + b'{"cell_type": "code", "metadata": {}, "source": "x = 1 # \\ud800"}]}',
    "a lone surrogate in the prose": _notebook(lambda nb: nb["cells"][-1].update(source="x \ud800 y")),
    "a byte that is no text": HEAD.replace(b"metadata", b"meta\xff"),
    "deep in arrays": b"[" * 2_000_000,
    "deep in objects": b'{"a":' * 400_000,
    "deep in the metadata": HEAD.replace(b"{}", b"[" * 900 + b"]" * 900) + b"]}",
    "small arrays without end": HEAD + b"[]," * 5_000_000 + b"1]}",
    "small objects without end": HEAD + b'{"a":0},' * 2_000_000 + b"1]}",
    "two million numbers": HEAD + b"1," * 7_000_000 + b"1]}",
    "keys without end": b'{"cells": {' + b",".join(b'"%d":0' % n for n in range(900_000)) + b"}}",
    "a number of a million digits": HEAD + b"1" * 1_000_000 + b"]}",
    "a number as large as can be": HEAD + b"1e999]}",
    "a number that is none": HEAD + b"NaN]}",
    "a million emoji": _cell("# " + "\U0001f600" * 1_000_000),
    "a source that is deep": _cell("x = " + "-" * 60_000 + "1"),
    "a source of brackets": _cell("x = " + "[" * 5_000 + "]" * 5_000),
    "a source of operators": _cell("x = " + "+".join("1" * 100_000)),
    "a source of attributes": _cell("x = a" + ".a" * 200_000),
    "a magic behind a million blanks": _cell("(\n" + " " * 1_000_000 + "x"),
    "a question mark behind a million dots": _cell("(\n" + "." * 1_000_000 + "x"),
    "lines without end": _cell("(\n" * 500_000),
    "a thousand cells": _notebook(lambda nb: nb["cells"].extend([{"cell_type": "code", "metadata": {}, "source": "1"}] * 5000)),
    "NUL in a source": _cell("x = 1\x00"),
    "a cell that says it is the data": _notebook(lambda nb: nb["cells"][1]["metadata"].update(hardwired={"role": "data", "question": "q1" * 10_000})),
    "a PDF": b"%PDF-1.7" + b"x" * 100_000,
    "an archive within": b"PK\x03\x04" + b"x" * 1000,
    "an office document by name": b"\xd0\xcf\x11\xe0" + b"x" * 1000,
    "bytes of the second kind": ("\ufeff" + "x" * 1000).encode("utf-16"),
    "a key that is a lone surrogate": HEAD + b'{"cell_type": "code", "metadata": {"\\ud800": 1}, "source": "x = 1"}], "\\udfff": 0}',
    "a key that is not a number": b'{"cells": [], NaN: 1}',
    "a kind of cell that is a list": _notebook(lambda nb: nb["cells"][0].update(cell_type=[["code"]])),
    "a source that is a list of lists": _notebook(lambda nb: nb["cells"][5].update(source=[["x"], {"y": 1}])),
    "a source of a million pieces": _notebook(lambda nb: nb["cells"][5].update(source=[""] * 1_000_000)),
    "metadata that are a list": _notebook(lambda nb: nb["cells"][5].update(metadata=[1])),
    "cells that are nothing": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": null}',
    "a format of another world": _notebook(lambda nb: nb.update(nbformat=10**300, nbformat_minor=-1)),
    "an output of three million letters": _notebook(lambda nb: nb["cells"][5].update(outputs=[{"output_type": "display_data", "data": {"image/png": "A" * 3_000_000, "text/html": "<script>" * 1000}}])),
    "an attachment of a million letters": _notebook(lambda nb: nb["cells"][-1].update(attachments={"../../x.png": {"image/png": "A" * 1_000_000}})),
    "a slug that climbs": _notebook(lambda nb: nb["cells"][0]["metadata"].update(hardwired={"role": "identity", "slug": "../../../etc", "version": 1})),
    "a slug of a million letters": _notebook(lambda nb: nb["cells"][0]["metadata"].update(hardwired={"role": "identity", "slug": "x" * 1_000_000, "version": 1})),
    "a version that is none": _notebook(lambda nb: nb["cells"][0]["metadata"].update(hardwired={"role": "identity", "slug": "tiny", "version": {"a": [1e308]}})),
    "a question that is a list": _notebook(lambda nb: nb["cells"][5]["metadata"].update(hardwired={"question": ["q1"], "lines": {"a": 1}})),
    "a question answered four thousand times": _notebook(lambda nb: nb["cells"].extend([dict(nb["cells"][5])] * 4000)),
    "functions within functions": _cell("x = " + "lambda: " * 50_000 + "1"),
    "choices within choices": _cell("x = " + "1 if 1 else " * 50_000 + "1"),
    "formats within formats": _cell("x = " + "f'{" * 200 + "1" + "}'" * 200),
    "loops within loops": _cell("x = " + "[" * 90 + "1" + " for a in b]" * 90),
    "comparisons without end": _cell("x = " + "1 < " * 200_000 + "1"),
    "texts side by side": _cell("x = " + "'a' " * 200_000),
    "a name of half a million letters": _cell("x" * 500_000 + " = 1"),
    "statements without end": _cell(";".join(["x=1"] * 200_000)),
    "line ends of another kind": _cell("x = 1\u2028y = 2\x0cz = 3\x85\rw = 4"),
    "a comment that turns round": _cell("x = 1 # \u202e\u2066 kcehc \u2069"),
    "another width of characters": json.dumps(tiny.filled("eve")).encode("utf-32"),
    "a zip of zips": _packed("x.zip", _packed("y.zip", _packed("tiny.ipynb", b"{}"))),
    "a zip that holds much": _packed("tiny.ipynb", bytes(100 << 20)),
}  # fmt: skip

# names of files below the folder of submissions, as bytes
NAMES: dict[str, bytes] = {
    "not UTF-8": b"m\xfcller/tiny.ipynb",
    "not UTF-8 at all": b"\xff\xfe\x80/tiny.ipynb",
    "a title for the terminal": b"\x1b]0;owned\x07\x1b[2J/tiny.ipynb",
    "a line of its own": b"x\nfor a person: ann/tiny.ipynb: copied from zoe, give 0/tiny.ipynb",
    "a carriage return": b"x\rhardwired: done/tiny.ipynb",
    "right to left": "evil\u202egnp".encode() + b"/tiny.ipynb",
    "long": b"n" * 245 + b"/tiny.ipynb",
    "long and almost the same": b"n" * 244 + b"m/tiny.ipynb",
    "a formula": b"=cmd|' C!A0/tiny.ipynb",
    "a digest of somebody": b"m_ller-2dbd2180/tiny.ipynb",
    "in capitals": b"ANN/tiny.ipynb",
    "a copy number without end": b"eve_1_2_tiny-" + b"9" * 200 + b".ipynb",
    "numbers without end": b"eve_" + b"9" * 120 + b"_" + b"8" * 100 + b"_t.ipynb",
    "a name of Moodle's making": b"_1" * 100 + b"_assignsubmission_file_/tiny.ipynb",
    "only a dot": b".x/tiny.ipynb",
    "blank": b" /tiny.ipynb",
    "a tag": b"<img src=x onerror=alert(1)>" + b"/tiny.ipynb",
    "a quote": b"a'; DROP TABLE attempt; --/tiny.ipynb",
    "a percent": b"%s%n%x/tiny.ipynb",
    "letters without width": "e\u200bv\u200de\ufeff".encode() + b"/tiny.ipynb",
    "turned round and never back": "\u2066\u202b\u2067eve".encode() + b"/tiny.ipynb",
    "marks on nothing": ("\u0301" * 100).encode() + b"/tiny.ipynb",
    "controls of the second kind": b"\xc2\x9b31meve\xc2\x9d0;x\xc2\x9c/tiny.ipynb",
    "separators of lines": "x\u2028for a person: zoe\u2029/".encode() + b"tiny.ipynb",
    "half of a pair": b"\xed\xa0\x80eve/tiny.ipynb",
    "longer than it need be": b"\xc0\xaf..\xc0\xaf/tiny.ipynb",
    "letters that are tags": "\U000e0065\U000e0076".encode() + b"eve/tiny.ipynb",
    "a device of another system": b"CON/nul.ipynb",
    "steps of another system": b"..\\..\\eve/tiny.ipynb",
    "an option": b"--out=eve/--engine=none.ipynb",
    "a pattern": b"[a-z]*?/tiny.ipynb",
    "a command": b"$(id)`id`;id|id&/tiny.ipynb",
    "somebody in wide letters": "\uff41\uff4e\uff4e".encode() + b"/tiny.ipynb",
    "somebody and a blank": b"ann /tiny.ipynb",
    "somebody and a letter without width": "zoe\u200b".encode() + b"/tiny.ipynb",
    "a name of a system's own": b"marks.csv/gradebook.sqlite",
    "anonymous without end": b"anonymous_LATE_" + b"a1b2" + b"_1_" * 60 + b".ipynb",
    "an attempt without a date": b"x_" + b"y" * 80 + b"_attempt_9999-99-99-99-99-99_t.ipynb",
    "an attempt at the end of time": b"x_eve_attempt_9999-12-31-23-59-59_t.ipynb",
    "an attempt before all time": b"x_eva_attempt_0001-01-01-00-00-00_t.ipynb",
    "brackets in brackets": b"(" * 100 + b")" * 100 + b"/tiny.ipynb",
}  # fmt: skip


def _zip(build: Callable[[zipfile.ZipFile], Any]) -> bytes:
    sink = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that stands there twice
        for student in ("ann", "zoe"):
            archive.writestr(f"{student}/tiny.ipynb", json.dumps(tiny.filled(student)))
        build(archive)
    return sink.getvalue()


def _put(name: str, data: bytes = b"{}") -> Callable[[zipfile.ZipFile], Any]:
    return lambda archive: archive.writestr(name, data)


def _changed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


def _flag(data: bytes, name: bytes, bit: int) -> bytes:
    """Set a bit of an entry's flags, in the list and before the data."""
    out = bytearray(data)
    for mark, flags, start in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = out.find(mark)
        while at >= 0:
            if out[at + start : at + start + len(name)] == name:
                out[at + flags] |= bit & 255
                out[at + flags + 1] |= bit >> 8
            at = out.find(mark, at + 4)
    return bytes(out)


def _dated(data: bytes, name: bytes) -> bytes:
    """Let an entry be of the month 15, in the list of entries."""
    out = bytearray(data)
    at = out.rfind(name) - 46
    out[at + 14 : at + 16] = (15 << 5 | 31).to_bytes(2, "little")
    return bytes(out)


def _link(name: str, target: str) -> Callable[[zipfile.ZipFile], Any]:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return lambda archive: archive.writestr(info, target)


def _method(data: bytes, name: bytes, method: int) -> bytes:
    """Let an entry say that it is packed in another way, in the list of entries."""
    out = bytearray(data)
    at = out.rfind(name) - 46
    out[at + 10 : at + 12] = method.to_bytes(2, "little")
    return bytes(out)


def crowd(number: int) -> bytes:
    """Give a zip that lists one small entry so many times, each under a name of its own."""
    single = io.BytesIO()
    with zipfile.ZipFile(single, "w") as archive:
        archive.writestr("0000000.ipynb", b"{}")
    data = single.getvalue()
    start = data.index(b"PK\x01\x02")
    entry, end = data[start : data.index(b"PK\x05\x06")], b"PK\x06\x06"
    listed = b"".join(entry[:46] + b"%07d.ipynb" % n for n in range(number))
    big = struct.pack("<4sQHHLLQQQQ", end, 44, 45, 45, 0, 0, number, number, len(listed), start)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(listed), 1)
    last = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    return data[:start] + listed + big + where + last


# zips that hold ann's and zoe's notebooks beside something else
ZIPS: dict[str, bytes] = {
    "a name that says it is UTF-8": _flag(_changed(_zip(_put("eve!/tiny.ipynb")), b"eve!", b"eve\xff"), b"eve\xff", 0x800),
    "a name of many letters": _zip(_put("e" * 60_000 + ".ipynb")),
    "a name of many folders": _zip(_put("e/" * 20_000 + "tiny.ipynb")),
    "a bomb": _zip(_put("eve/tiny.ipynb", bytes(200 << 20))),
    "an encrypted entry": _flag(_zip(_put("eve/tiny.ipynb")), b"eve/tiny.ipynb", 1),
    "a damaged entry": _changed(_zip(_put("eve/tiny.ipynb", b"x" * 5000)), b"\xed\xc1", b"\xed\xc2"),
    "an absolute name": _zip(_put("/etc/eve/tiny.ipynb")),
    "a name that climbs": _zip(_put("../../eve/tiny.ipynb")),
    "a name twice": _zip(lambda a: [a.writestr("eve/tiny.ipynb", b"{}"), a.writestr("eve/tiny.ipynb", b"[]")]),
    "a date that is none": _dated(_zip(_put("eve/tiny.ipynb")), b"eve/tiny.ipynb"),
    "many entries": _zip(lambda a: [a.writestr(f"e{n}/x.txt", b"") for n in range(1500)]),
    "a folder that is a file": _zip(lambda a: [a.writestr("eve", b"x"), a.writestr("eve/tiny.ipynb", b"{}")]),
    "a link to a file of the host": _zip(_link("eve/tiny.ipynb", "/etc/passwd")),
    "a link to everything": _zip(_link("eve/link", "/")),
    "a name that turns round": _zip(_put("eve\u202egnp/\x1b]0;x\x07tiny.ipynb")),
    "a drive": _zip(_put("C:\\eve\\tiny.ipynb")),
    "no name at all": _changed(_zip(_put("?/?", b"{}")), b"?/?", b"///"),
    "a name that ends early": _changed(_zip(_put("eve/a~b.ipynb")), b"a~b", b"a\x00b"),
    "steps only": _zip(_put("./.././tiny.ipynb")),
    "a comment as long as can be": _zip(lambda a: [a.writestr("eve/tiny.ipynb", b"{}"), setattr(a, "comment", b"x" * 65_535)]),
    "packed in an unknown way": _method(_zip(_put("eve/tiny.ipynb")), b"eve/tiny.ipynb", 99),
    "a zip in the zip": _zip(_put("eve/all.zip", _packed("tiny.ipynb", b"{}"))),
    "a folder with bytes in it": _zip(_put("eve/x.ipynb/", b"x" * 1000)),
    "forty thousand letters turned round": _zip(_put("\u202e" * 13_000)),
}  # fmt: skip


def png(width: int = 4, height: int = 4, *, more: bytes = b"", data: bytes | None = None) -> bytes:
    """Give a small grey PNG, with other bytes before its end, or another amount of data."""

    def part(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))
        )

    body = data if data is not None else zlib.compress(bytes(height * (1 + width)))
    head = struct.pack("!LLBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + more + part(b"IEND", b"")
    )


PICTURES: dict[str, bytes] = {
    "a signature and nothing": b"\x89PNG\r\n\x1a\n",
    "a signature and much": b"\x89PNG\r\n\x1a\n" + b"x" * 2_000_000,
    "a script behind a signature": b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>",
    "as wide as a house": png(23_000, 1),
    "as large as can be": png(1 << 31, 1 << 31, data=b""),
    "packed too much": png(data=zlib.compress(bytes(50 << 20))),
    "packed too little": png(data=zlib.compress(b"")),
    "a wrong sum": png()[:-1] + b"x",
    "no end": png()[:-12],
    "nothing within": png(0, 0),
    "another part that is needed": png(more=struct.pack("!L", 0) + b"EVIL" + struct.pack("!L", zlib.crc32(b"EVIL"))),
}  # fmt: skip

_NUMBER = '{"t": "float", "v": 1.0}'


def _answers(value: str, rest: str = '"cells": [], "figures": {}') -> str:
    return f'{{"answers": {{"total": {value}, "product": {_NUMBER}}}, {rest}}}'


# a guest's last line, written by a cell: (line, repeated how often)
LINES: dict[str, str] = {
    "a lone surrogate in a refusal": _answers('{"t": "refused", "v": "\\ud800"}'),
    "a lone surrogate as a text": _answers('{"t": "str", "v": "\\udfff"}'),
    "a lone surrogate in a cell's error": _answers(_NUMBER, '"cells": [{"i": 0, "status": "\\ud800", "error": "\\ud800"}], "figures": {}'),
    "escapes in a refusal": _answers('{"t": "refused", "v": "\\u001b[2J\\n\\u202e"}'),
    "one long text and many numbers": _answers('{"t": "list", "v": [{"t": "str", "v": "' + "x" * 20_000 + '"}' + ', {"t": "int", "v": 1}' * 15_000 + "]}"),
    "lists within lists": _answers('{"t": "list", "v": [' * 25 + "]}" * 25),
    "deeper than may be": _answers("[" * 500 + "]" * 500),
    "a hundred thousand items": _answers('{"t": "list", "v": [' + ", ".join(['{"t": "none"}'] * 100_000) + "]}"),
    "an array of another shape": _answers('{"t": "array", "dtype": "float", "shape": [1000000, 1000000], "v": []}'),
    "an array of no dimension": _answers('{"t": "array", "dtype": "float", "shape": [-1], "v": [1]}'),
    "an array that is empty in one direction": _answers('{"t": "array", "dtype": "str", "shape": [0, 99999999999], "v": []}'),
    "an array of long texts": _answers('{"t": "array", "dtype": "str", "shape": [100], "v": [' + ", ".join(['"' + "x" * 30_000 + '"'] * 100) + "]}"),
    "a table of many columns": _answers('{"t": "table", "rows": 0, "columns": [' + ", ".join(f'"c{n}"' for n in range(5000)) + '], "v": []}'),
    "a dictionary with a dictionary for a key": _answers('{"t": "dict", "v": [[{"t": "dict", "v": []}, {"t": "none"}]]}'),
    "an integer of 19 digits": _answers('{"t": "int", "v": 9999999999999999999}'),
    "an integer of a million digits": _answers('{"t": "int", "v": ' + "9" * 1_000_000 + "}"),
    "a float that is too large": _answers('{"t": "float", "v": 1e999}'),
    "not a number": _answers('{"t": "float", "v": NaN}'),
    "a key twice": _answers('{"t": "float", "t": "int", "v": 1}'),
    "a list for the answers": '{"answers": [], "cells": [], "figures": {}}',
    "cells without end": _answers(_NUMBER, '"cells": [' + ", ".join(['{"i": 0}'] * 5000) + '], "figures": {}'),
    "a cell that is no cell": _answers(_NUMBER, '"cells": [{"i": {}}], "figures": {}'),
    "a figure that is none": _answers(_NUMBER, '"cells": [], "figures": {"total": {"t": "png", "v": "' + base64.b64encode(PICTURES["a signature and much"]).decode() + '"}}'),
    "a figure that is no base64": _answers(_NUMBER, '"cells": [], "figures": {"total": {"t": "png", "v": "\\u00e4"}}'),
    "half a line": '{"answers": {"total": ',
    "names that nobody asked for": '{"answers": {' + ", ".join(f'"n{n}": {_NUMBER}' for n in range(20_000)) + "}}",
    "objects within objects": _answers('{"t": "dict", "v": ' * 55 + "1" + "}" * 55),
    "a name that is a lone surrogate": '{"answers": {"\\udc00": {"t": "int", "v": 1}}, "cells": [], "figures": {"\\udc00": {"t": "png", "v": ""}}}',
    "a kind that is a list": _answers('{"t": ["float"], "v": 1.0}'),
    "a kind that nobody knows": _answers('{"t": "' + "x" * 100_000 + '", "v": 1}'),
    "no value": _answers('{"t": "float"}'),
    "an answer that is a number": _answers("7"),
    "a float that is a text": _answers('{"t": "float", "v": "1e5"}'),
    "a table of fewer rows than none": _answers('{"t": "table", "rows": -5, "columns": ["a"], "v": [[]]}'),
    "a table of more rows than can be": _answers('{"t": "table", "rows": 999999999999999999, "columns": ["a", "a"], "v": [[1], [1]]}'),
    "a table whose columns are objects": _answers('{"t": "table", "rows": 1, "columns": [{"t": []}], "v": 3}'),
    "an array of a hundred thousand dimensions": _answers('{"t": "array", "dtype": "float", "shape": [' + ", ".join("1" * 100_000) + '], "v": [1.0]}'),
    "an array of a strange kind": _answers('{"t": "array", "dtype": "O,(1000000,)f8", "shape": [1], "v": [1]}'),
    "an array whose shape is a text": _answers('{"t": "array", "dtype": "float", "shape": "99", "v": {}}'),
    "a text of three million letters": _answers('{"t": "str", "v": "' + "x" * 3_000_000 + '"}'),
    "keys that are the same to Python": _answers('{"t": "dict", "v": [[{"t": "int", "v": 1}, 1], [{"t": "bool", "v": true}, 2], [{"t": "float", "v": 1.0}, 3]]}'),
    "values tried that are none": _answers('{"t": "tried", "v": [{"t": "tried", "v": [{"t": "tried", "v": []}]}]}'),
    "names that are near": _answers('{"t": "missing", "near": ["' + "\\u202e" * 5000 + '", {"a": 1}, 7]}'),
    "a cell of a number beyond all": _answers(_NUMBER, '"cells": [{"i": 999999999999999999, "status": ["ok"], "error": {"a": "\\n"}}], "figures": {}'),
    "figures as large as can be": _answers(_NUMBER, '"cells": [], "figures": {"total": {"t": "png", "v": "' + base64.b64encode(PICTURES["as large as can be"]).decode() + '"}, "product": {"t": "strange", "v": "\\u001b[2J"}}'),
    "a figure of nothing but an end": _answers(_NUMBER, '"cells": [], "figures": {"total": {"t": "png", "v": "' + "=" * 2_000_000 + '"}}'),
    "another mark of order": "\\ufeff" + _answers(_NUMBER),
    "nothing but blanks": " " * 3_000_000,
}  # fmt: skip


def forging(line: str) -> str:
    """Give a cell that writes a line in the guest's place and ends; long runs are packed."""
    packed = base64.b64encode(zlib.compress(line.encode() + b"\n", 9)).decode()
    return (
        "import base64, os, time, zlib\n"
        f"line = zlib.decompress(base64.b64decode('{packed}'))\n"
        "while line:\n    line = line[os.write(199, line):]\n"
        "time.sleep(0.2)\nos._exit(0)"
    )


# honest guests, dishonest cells: what they leave goes through the guest's own encoder
CELLS: dict[str, str] = {
    "a conversion that complains in a lone surrogate": "class Q:\n    magnitude = 1\n    def to(self, u): raise ValueError('\\ud800')\ntotal = Q()\nproduct = 1",
    "an error in a lone surrogate": "raise ValueError('\\ud800')",
    "one long text and many numbers": "total = ['x' * 20000] + [1] * 19997\nproduct = 1",
    "a text of lone surrogates": "total = '\\ud800' * 19000\nproduct = 1",
    "a type with a long name": "total = type('x' * 100000, (), {})()\nproduct = 1",
    "an array that repeats itself a billion times": "import numpy as np\ntotal = np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,))\nproduct = 1",
    "an array of itself": "import numpy as np\ntotal = np.empty(1, object)\ntotal[0] = total\nproduct = 1",
    "a table of very many columns": "import pandas as pd\ntotal = pd.DataFrame([[0] * 50000])\nproduct = 1",
    "values without end": "import itertools\ntotal = itertools.count()\nproduct = 1",
    "a text that encodes itself": "class S(str):\n    def encode(self, *a): raise SystemExit\ntotal = S('\\ud800')\nproduct = 1",
    "a key that never compares": "class K:\n    def __hash__(self): return 1\n    def __eq__(self, o): raise MemoryError\ntotal = {K(): 1, 'a': 2}\nproduct = 1",
    "a class that denies itself": "class D:\n    @property\n    def __class__(self): raise RecursionError\n    def __getattr__(self, n): raise KeyboardInterrupt\ntotal = D()\nproduct = 1",
    "variables of the environment without end": "import os\nfor n in range(20000): os.environ[f'V{n}'] = 'x' * 1000\ntotal = 1\nproduct = 1",
    "a type whose name is a line": "total = type('a\\nfor a person: ann: 0', (), {})()\nproduct = 1",
}

# what a student may write for a sheet that people open in a spreadsheet
PROSE = [
    "=1+1", "x;=cmd|' /C calc'!A0;y", "a\t=HYPERLINK(1)\tb", "\uff1d1+1", " =1+1", "\n=1+1",
    "'=1+1", "''=1+1", "ok\r=1+1", "\u200b=1+1", "\ufeff=1+1", "|=1+1", '"=1+1"', "\u00a0=1+1",
    'x;"=1+1"', 'x;""=1+1', "x; =1+1", "x;'=1+1", "- a list\n- of lines", "+1;-1;@x", "x\n\t=1",
    "word " * 28_000, "a\x00b\x1b[2Jc", "\u202ereversed",
]  # fmt: skip
