"""The desk answers its own browser on this machine, and shows what students wrote as text."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from hardwired.course.desk import downloads, safety, web
from hardwired.course.errors import CourseError
from tests.course import tiny
from tests.course.desk.served import Desk, awaited, served

pytestmark = pytest.mark.ring("test")  # starts a server

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "javascript:alert(1)",
    "=HYPERLINK('http://example.org')",
    "a\u202egnp.exe",
    "\x1b]0;owned\x07",
    "&lt;script&gt;",
)
PAGES = (
    "/", "/roster", "/x/tiny", "/x/tiny/release", "/x/tiny/files", "/x/tiny/class", "/x/tiny/back",
    "/nowhere", "/static/desk.css",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a course with hostile names in its roster."""
    made = tmp_path_factory.mktemp("course")
    tiny.exercise(made / "exercises")
    (made / "desk.json").write_text(
        json.dumps(
            {"version": 1, "title": HOSTILE[0], "who": HOSTILE[1],
             "exercises": str(made / "exercises")}
        )
    )  # fmt: skip
    rows = [f'"s{n}","{name.replace(chr(34), chr(34) * 2)}"' for n, name in enumerate(HOSTILE)]
    (made / "roster.csv").write_text("\n".join(["student_id,name", *rows]), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Desk]:
    """Give a running desk on it."""
    with served(folder, folder / "exercises") as running:
        yield running


def asked(
    desk: Desk, path: str, *, method: str = "GET", body: bytes = b"", **headers: str
) -> tuple[int, str, Any]:
    """Ask for a page with these headers and no others; gives code, text and headers."""
    where = desk.base.removeprefix("http://")
    connection = http.client.HTTPConnection(where, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    sent = {"host": where, "cookie": desk.cookies, **headers}
    for name, value in sent.items():
        if value:
            connection.putheader(name.replace("_", "-"), value)
    if body:
        connection.putheader("content-length", str(len(body)))
    connection.endheaders(body or None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers


def dropped(desk: Desk, path: str, name: str, data: bytes, field: str) -> tuple[int, str]:
    """Send a file as a form does; gives the code and the text of the page that it led to."""
    edge = "edge-of-the-form"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    code, text, headers = asked(
        desk, path, method="POST", body=body, origin=desk.base,
        content_type=f"multipart/form-data; boundary={edge}",
    )  # fmt: skip
    if code == 303:
        return code, asked(desk, headers["location"])[1]
    return code, text


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1", "127.0.0.1:1", "localhost.example.org:80", ""]
)
def test_another_name_is_refused(desk: Desk, host: str) -> None:
    """A name that somebody else bends to this machine gets nothing, cookie or not."""
    code, text, _ = asked(desk, "/", host=host)

    assert code in (400, 403)
    assert "tiny" not in text


@pytest.mark.parametrize("origin", ["http://example.org", "null", "https://127.0.0.1:1", ""])
def test_what_another_page_sends_is_refused(desk: Desk, folder: Path, origin: str) -> None:
    """An action needs the desk's own origin; one that names none is refused too."""
    before = (folder / "desk.json").read_bytes()

    code, _, _ = asked(
        desk, "/who", method="POST", body=b"who=Mallory", origin=origin,
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip

    assert code == 403
    assert (folder / "desk.json").read_bytes() == before


def test_a_page_of_another_origin_may_not_even_look(desk: Desk) -> None:
    """Neither an origin nor what the browser says of the asking page may be foreign."""
    assert asked(desk, "/", origin="http://example.org")[0] == 403
    assert asked(desk, "/", sec_fetch_site="cross-site")[0] == 403
    assert asked(desk, "/", sec_fetch_site="same-origin")[0] == 200


@pytest.mark.parametrize("path", PAGES)
def test_without_the_token_nothing_is_shown(desk: Desk, path: str) -> None:
    """No page, and no file of the page, without the cookie of a start."""
    for cookie in ("", "desk=guess", f"{desk.cookies.split('=')[0]}=guess"):
        code, text, _ = asked(desk, path, cookie=cookie)

        assert code == 403
        assert "does not know this browser" in text


@pytest.mark.parametrize(
    "foreign",
    ['seen={"a": [1]}', "a b=c", "last=17:30, Tue; \u00e9=1".encode().decode("latin-1"), '"'],
)
def test_a_cookie_of_another_page_shuts_nobody_out(desk: Desk, foreign: str) -> None:
    """A browser sends the cookies of every port of this machine along, whatever they hold."""
    assert asked(desk, "/", cookie=f"{foreign}; {desk.cookies}")[0] == 200
    assert asked(desk, "/", cookie=f"{desk.cookies}; {foreign}")[0] == 200
    assert asked(desk, "/", cookie=foreign)[0] == 403


def test_a_start_token_is_used_once(desk: Desk) -> None:
    """Who finds the address later, in a history or a log, is not let in."""
    assert asked(desk, desk.start.removeprefix(desk.base), cookie="")[0] == 403
    assert asked(desk, "/start?token=", cookie="")[0] == 403


def test_nobody_reads_the_token_from_the_machine(desk: Desk, folder: Path) -> None:
    """It stands in no process's arguments, and in a file for its owner alone."""
    state = folder / ".desk.json"
    secrets = [json.loads(state.read_text())["token"], desk.cookies.split("=")[1]]
    listed = [" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])]

    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert not [line for line in listed for secret in secrets if secret in line]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_is_not_its_own(desk: Desk, path: str) -> None:
    """The policy stands on each answer: no script, style or picture but the desk's files."""
    _, text, headers = asked(desk, path)

    assert headers["content-security-policy"] == safety.CSP
    assert "default-src 'none'" in safety.CSP
    assert "unsafe" not in safety.CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert " style=" not in text
    assert " onclick" not in text


def test_hostile_names_are_shown_as_text(desk: Desk) -> None:
    """Names of students, of the course and of the marker stand in the page, and do nothing."""
    roster, start = desk.get("/roster"), desk.get("/")

    assert "<script>document" not in roster + start
    assert "<img src=x" not in roster + start
    assert "&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;" in roster
    assert "{{ 7 * 7 }}" in roster
    assert "\u202e" not in roster
    assert "\x1b" not in roster
    assert "&amp;lt;script&amp;gt;" in roster


@pytest.mark.parametrize(
    "name",
    ["../../../escaped.ipynb", "/tmp/escaped.ipynb", "..\\..\\escaped.ipynb", "..", "seen.json",
     "<script>alert(1)</script>.ipynb", "a" * 400 + ".ipynb"],
)  # fmt: skip
def test_a_file_cannot_choose_its_place(desk: Desk, folder: Path, name: str) -> None:
    """Whatever a file is called, it lies in its download, and its name is text."""
    outside = {p for p in folder.parent.rglob("*escaped*") if "handed-in" not in p.parts}

    code, text = dropped(
        desk, "/x/tiny/files", name, json.dumps(tiny.filled("s1")).encode(), "files"
    )

    assert code == 303
    assert "<script>alert" not in text
    newest = max((folder / "handed-in" / "tiny").glob("[0-9]*"))
    (kept,) = (newest / "files").iterdir()
    assert json.loads(kept.read_text())["nbformat"] == 4
    assert len(kept.name.encode()) <= 160
    assert {p for p in folder.parent.rglob("*escaped*") if "handed-in" not in p.parts} == outside
    assert not Path("/tmp/escaped.ipynb").exists()


def test_hostile_names_in_a_zip_are_text(desk: Desk) -> None:
    """A student's folder and file names stand in the list of files, and do nothing."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for n, name in enumerate(HOSTILE):
            archive.writestr(f"{name.replace('/', '')}/../../{n}.ipynb", "{}")
            archive.writestr(f"s{n}/{name.replace('/', '')}.ipynb", "{}")

    code, text = dropped(desk, "/x/tiny/files", "all.zip", sink.getvalue(), "files")

    assert code == 303
    assert "<script>document" not in text
    assert "<img src=x" not in text
    assert "\u202e" not in text


def test_a_zip_that_is_none_leaves_nothing(desk: Desk, folder: Path) -> None:
    """One sentence and a way on; nothing half done."""
    before = sorted((folder / "handed-in").rglob("*"))

    code, text = dropped(desk, "/x/tiny/files", "broken.zip", b"PK\x03\x04 no zip", "files")

    assert code == 409
    assert "broken.zip" in text
    assert "nothing was kept" in text
    assert sorted((folder / "handed-in").rglob("*")) == before


def test_more_than_is_taken_is_refused_before_it_is_read(desk: Desk) -> None:
    """A length above the bound is refused by its heading alone."""
    code, text, _ = asked(
        desk, "/x/tiny/files", method="POST", origin=desk.base,
        content_length=str(safety.LARGEST + 1),
    )  # fmt: skip

    assert code == 413
    assert "512 MB" in text


def test_a_length_that_lies_is_bounded_too(tmp_path: Path) -> None:
    """What arrives is counted, whatever its heading said."""
    gate = safety.Gate(tmp_path / "state", 8000)
    told: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        told.append(1)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def send(message: Any) -> None:
        if "status" in message:
            told.append(message["status"])

    headers = [
        (b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000"),
        (b"cookie", f"{gate.cookie}={gate.held}".encode()),
    ]  # fmt: skip
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers,
             "client": ("127.0.0.1", 1)}  # fmt: skip
    awaited(safety.Guard(app, gate, largest=5000)(scope, receive, send))

    assert told == [413]


def test_another_machine_is_refused(tmp_path: Path) -> None:
    """Only the loopback address is answered, however somebody got there."""
    gate = safety.Gate(tmp_path / "state", 8000)
    guard = safety.Guard(None, gate)  # type: ignore[arg-type]
    scope = {"type": "http", "method": "GET", "path": "/start", "client": ("192.0.2.1", 1),
             "headers": [(b"host", b"127.0.0.1:8000")]}  # fmt: skip
    codes: list[int] = []

    async def send(message: Any) -> None:
        if "status" in message:
            codes.append(message["status"])

    awaited(guard(scope, None, send))  # type: ignore[arg-type]

    assert codes == [403]


def test_a_second_start_finds_the_first(desk: Desk, folder: Path) -> None:
    """It says where the first is, and ends; the address lets a browser in."""
    second = subprocess.run(
        [sys.executable, "-m", "hardwired.cli", "desk", str(folder), "--no-browser"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert second.returncode == 0
    assert "is open already" in second.stdout
    address = second.stdout.split(": ", 1)[1].strip()
    assert address.startswith(desk.base)
    with urllib.request.urlopen(address) as answer:
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert "SameSite=strict" in answer.headers["set-cookie"]


def test_an_end_takes_the_token_away(tmp_path: Path) -> None:
    """What the desk made for its start is gone when it ends."""
    tiny.exercise(tmp_path / "exercises")
    with served(tmp_path / "new", tmp_path / "exercises") as running:
        assert "A new course" in running.get("/")
        running.process.terminate()
        running.process.wait(20)

    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == [".desk.lock"]


@pytest.mark.parametrize(
    "picture", [b"", b"<svg onload='alert(1)'/>", b"\x89PNG\r\n\x1a\nrest", b"GIF89a"]
)
def test_a_figure_that_is_no_picture_is_one_sentence(picture: bytes) -> None:
    """Only what Pillow can draw anew is served."""
    with pytest.raises(CourseError, match="cannot be read"):
        web.picture(picture)


def test_a_figure_is_drawn_anew() -> None:
    """What else stands in a student's file does not reach the browser."""
    from PIL import Image, PngImagePlugin

    sink, said = io.BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    Image.new("RGB", (3, 3)).save(sink, "PNG", pnginfo=said)

    body = bytes(web.picture(sink.getvalue() + b"<script>").body)

    assert b"script" not in body
    assert Image.open(io.BytesIO(body)).size == (3, 3)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/", "\x00", "a/b\\c", "x" * 999, "e\u202ex.ipynb"]
)
def test_a_safe_name_is_one_part(name: str) -> None:
    """No separator, no control character, no dot at its start, and not too long."""
    safe = downloads.safe_name(name)

    assert safe
    assert not set(safe) & set("/\\\x00\u202e")
    assert not safe.startswith(".")
    assert len(safe.encode()) <= downloads.MOST


@pytest.fixture(scope="module")
def faulty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a course, in which tests make faults."""
    made = tmp_path_factory.mktemp("faulty")
    tiny.exercise(made / "exercises")
    settings = {"version": 1, "title": "T", "who": "W", "exercises": str(made / "exercises")}
    (made / "desk.json").write_text(json.dumps(settings))
    return made


@pytest.fixture(scope="module")
def faulty(faulty_folder: Path) -> Iterator[Desk]:
    """Give a running desk on it."""
    with served(faulty_folder, faulty_folder / "exercises") as running:
        yield running


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "desk.json",
            '{"version": 99, "title": "", "who": "", "exercises": ""}',
            "newer hardwired",
        ),
        ("desk.json", "no json", "is no settings file"),
        ("marks/gradebook.sqlite", "no gradebook", "cannot be used as a gradebook"),
        ("roster.csv", "nothing,known\n1,2\n", "no column of identifiers"),
        ("course.yml", "timezone: Nowhere/Never\n", "no time zone"),
    ],
)
def test_a_folder_with_a_fault_is_one_sentence(
    faulty: Desk, faulty_folder: Path, name: str, content: str, said: str
) -> None:
    """What is wrong and what to do; the file stays as it is, and the desk goes on after a mend."""
    path = faulty_folder / name
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)

    text = faulty.get("/")
    assert said in text
    assert "Traceback" not in text
    assert path.read_text() == content

    path.unlink()
    if before is not None:
        path.write_text(before)
    assert "Tiny" in faulty.get("/")


def test_no_time_is_lost_with_a_wrong_folder(tmp_path: Path) -> None:
    """A file in the folder's place, or a port that is taken: one line and exit code 1."""
    (tmp_path / "file").write_text("")
    for arguments in ((str(tmp_path / "file"),), (str(tmp_path / "new"), "--port", "99999")):
        started = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "hardwired.cli", "desk", *arguments, "--no-browser"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

        assert ended.returncode == 1
        assert len(ended.stderr.strip().splitlines()) == 1
        assert time.monotonic() - started < 60
    with contextlib.suppress(FileNotFoundError):
        assert not (tmp_path / "new" / ".desk.json").exists()
