"""What a page weighs and how soon it shows, beside the same book under its default theme.

``python benchmarks/pages.py`` builds the book twice in a folder of its own, once as it is (ours)
and once with Jupyter Book's default theme (peer): the same sources and directives, but without
our removals, style sheet, inline figures and MathML. Both are then opened in one headless
Chromium on a throttled line, by turns. ``--pages-only BUILT PEER`` measures two built folders.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
PEER = """from hardwired import pages


def setup(app):
    app.add_config_value("hardwired_formula_words", pages.TABLE_NAME, "html")
    pages.bibliography_style.register()
    pages.connect(app, ("directives", "text", "building"))
"""
"""The extension of the peer: our directives and text, without what makes our pages light."""
OUR_SETTINGS = (
    "html_theme", "html_theme_options", "templates_path", "html_math_renderer", "html_copy_source",
    "html_show_sourcelink", "html_show_search_summary", "html_show_sphinx", "html_permalinks_icon",
    "pygments_style",
)  # fmt: skip
JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))
RUNS = 5
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""A poor mobile line: 150 ms, 1.6 Mbit/s down."""
LCP = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) last = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 800);
})"""


def copy_of_the_book(folder: Path, *, peer: bool) -> Path:
    """Copy what a build reads, for the peer with the default theme in its configuration."""
    shutil.copytree(
        ROOT / "book", folder / "book", ignore=shutil.ignore_patterns("_build", "__pycache__")
    )
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    shutil.copy(ROOT / "references.bib", folder)
    if peer:
        path = folder / "book/_config.yml"
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        (folder / "book/peer.py").write_text(PEER, encoding="utf-8")
        config["sphinx"]["local_extensions"] = {"peer": "."}
        config["sphinx"]["extra_extensions"] = ["sphinxcontrib.bibtex", "hardwired.press"]
        del config["sphinx"]["config"]["extensions"]
        for setting in OUR_SETTINGS:
            config["sphinx"]["config"].pop(setting, None)
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


def build(folder: Path) -> float:
    """Build the HTML and give the seconds that it took."""
    command = [
        JUPYTER_BOOK,
        "build",
        "book/",
        "-q",
        "--keep-going",
    ]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def build_times(ours: Path, peer: Path) -> None:
    """Build both by turns: cold, with nothing changed, after one changed sentence."""
    for what in ("cold", "warm", "one change"):
        seconds = []
        for folder in (ours, peer):
            if what == "one change":
                chapter = folder / "book/chapters/05-wounds.md"
                text = chapter.read_text(encoding="utf-8")
                first = "Twenty-six people once let"
                assert first in text
                chapter.write_text(text.replace(first, "Once 26 people let"), encoding="utf-8")
            seconds.append(build(folder))
        print(f"build, {what:<10}  ours {seconds[0]:6.1f} s   peer {seconds[1]:6.1f} s", flush=True)


class Quiet(SimpleHTTPRequestHandler):
    """Serve a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A browser opens many connections at once: one that is not taken is tried again much later."""

    request_queue_size = 128


def serve(folder: Path) -> tuple[Server, str]:
    """Serve a folder on a free port of this machine."""
    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"


def visit(browser: Browser, base: str, page: str, *, throttled: bool) -> dict[str, float]:
    """Open a page, read it to its end, and count."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.set_default_timeout(120_000)  # on a busy machine too
    bodies: dict[str, int] = {}
    foreign: list[str] = []

    def route(route, request):
        if request.url.startswith((base, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(request.url)
            route.abort()

    tab.route("**/*", route)
    asked: list[str] = []
    tab.on("request", lambda r: r.url.startswith(base) and asked.append(r.url.split("#")[0]))
    if throttled:
        session = context.new_cdp_session(tab)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
    tab.goto(base + page, wait_until="load")
    lcp = tab.evaluate(LCP)
    if not throttled:
        tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        for slider in tab.locator("input[type=range]").all():
            slider.scroll_into_view_if_needed()
            slider.press("ArrowRight")
        tab.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        tab.wait_for_load_state("networkidle")
    nodes = tab.evaluate("document.querySelectorAll('*').length")
    for url in asked:
        bodies.setdefault(url, 0)
    context.close()
    return {"lcp": lcp, "nodes": nodes, "foreign": len(foreign), "urls": list(bodies)}  # type: ignore[dict-item]


def weights(folder: Path, base: str, urls: list[str]) -> tuple[int, int, int]:
    """Give the requests to our own host, their bytes and their bytes gzipped."""
    raw = packed = 0
    for url in urls:
        path = folder / url.removeprefix(base).split("?")[0]
        data = path.read_bytes() if path.is_file() else b""
        raw += len(data)
        packed += len(gzip.compress(data, 6))
    return len(urls), raw, packed


def pages(ours: Path, peer: Path, runs: int = RUNS, only: Sequence[str] = ()) -> None:
    """Measure every page of both books, or some, by turns in one browser."""
    sides = [(folder, *serve(folder)) for folder in (ours, peer)]
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        names = sorted(
            p.relative_to(ours).as_posix()
            for p in ours.rglob("*.html")
            if "_static" not in p.parts and (peer / p.relative_to(ours)).exists()
        )
        names = [name for name in names if not only or name in only]
        print("page (ours | peer): requests, KB, KB gzipped, nodes, LCP ms, requests elsewhere")
        for name in names:
            row, shares = [], []
            paints: list[list[float]] = [[], []]
            for _ in range(runs):
                for side, (_, _, base) in enumerate(sides):
                    paints[side].append(visit(browser, base, name, throttled=True)["lcp"])
            for (folder, _, base), times in zip(sides, paints, strict=True):
                seen = visit(browser, base, name, throttled=False)
                count, raw, packed = weights(folder, base, seen["urls"])  # type: ignore[arg-type]
                paint = statistics.median(times)
                shares.append((raw, packed, paint))
                row.append(
                    f"{count:3d} {raw / 1024:6.0f} {packed / 1024:5.0f} {seen['nodes']:6.0f} "
                    f"{paint:6.0f} {seen['foreign']:2.0f}"
                )
            (raw, packed, paint), (peer_raw, peer_packed, peer_paint) = shares
            print(
                f"{name:<28} {row[0]} | {row[1]}   bytes {raw / peer_raw:.2f}, "
                f"gzipped {packed / peer_packed:.2f} (bar 0.33), LCP "
                f"{paint / max(peer_paint, 1):.2f} (bar 0.50)",
                flush=True,
            )
        browser.close()


def main() -> None:
    """Build and measure, or measure only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages-only", nargs=2, type=Path, metavar=("BUILT", "PEER"))
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--page", action="append", default=[], metavar="chapters/05-wounds.html")
    arguments = parser.parse_args()
    if arguments.pages_only:
        built, peer = (folder.resolve() for folder in arguments.pages_only)
        return pages(built, peer, arguments.runs, arguments.page)
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    with tempfile.TemporaryDirectory() as name:
        ours = copy_of_the_book(Path(name) / "ours", peer=False)
        peer = copy_of_the_book(Path(name) / "peer", peer=True)
        build_times(ours, peer)
        sides = (side / "book/_build/html" for side in (ours, peer))
        pages(*sides, arguments.runs, arguments.page)


if __name__ == "__main__":
    main()
