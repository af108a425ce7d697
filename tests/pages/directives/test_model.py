"""The {model} directive: what stands on every medium, and the explorer in the browser."""

from __future__ import annotations

import gzip
import io
import pickle
import re
import shutil

import pytest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from hardwired import models
from hardwired.formulas.mathml import to_mathml
from hardwired.models.errors import DeclarationError, UnknownNameError
from hardwired.models.exports import equations
from hardwired.pages.directives.explorer import View
from tests.waiting import until

CONF = """
extensions = ["hardwired.pages"]
bibtex_default_style = bibtex_reference_style = "hardwired"
bibtex_bibfiles = [{bib!r}]
html_math_renderer = "mathml"
html_theme = "furo"
templates_path = [{templates!r}]
myst_enable_extensions = ["colon_fence", "dollarmath"]
numfig = True
epub_show_urls = "no"
version = "1"
copyright = "2026"
"""
PAGE = """# Page

:::{model} wounds-margin
:name: fig-margin
:parameters: sigma t_lag
:outputs: A
:tell: T
:alt: Interactive graph. The area falls to nothing.
:try: Move $\\sigma$: when does it close?

The caption.
:::

:::{model} wounds-time-to-heal
:parameters: m_carer

Times to heal.
:::

```{bibliography}
```
"""


def build(folder, root, builder: str, page: str = PAGE) -> str:
    """Build a one-page project; return its warnings, without colours."""
    (folder / "conf.py").write_text(
        CONF.format(bib=str(root / "references.bib"), templates=str(root / "book/_templates"))
    )
    (folder / "index.md").write_text(page)
    warnings = io.StringIO()
    sheet = {"html_static_path": [str(root / "book/_static")], "html_css_files": ["hardwired.css"]}
    with patch_docutils(str(folder)), docutils_namespace():
        app = Sphinx(
            folder, folder, folder / "out" / builder, folder / "trees", builder,
            confoverrides=sheet if builder == "html" else {}, status=None, warning=warnings,
        )  # fmt: skip
        app.build()
    return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())


@pytest.fixture(scope="module")
def project(tmp_path_factory, root):
    """Build the page as HTML and EPUB, once."""
    folder = tmp_path_factory.mktemp("model")
    for builder in ("html", "epub"):
        assert build(folder, root, builder) == ""
    yield folder / "out"
    shutil.rmtree(folder)


@pytest.fixture
def page(project, browser):
    """Open the built page in a browser and fail on script errors."""
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"file://{project}/html/index.html")
    page.wait_for_selector(".hw-explorer-plot svg")
    yield page
    assert errors == []
    context.close()


def test_without_scripts_figure_table_and_equations_stand(project) -> None:
    """The page without its scripts still holds figure, caption, table, kind and omissions."""
    text = (project / "html/index.html").read_text()
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)

    assert "Interactive graph. The area falls to nothing." in text
    assert "The caption." in text
    assert "Ordinary differential equations" in text
    assert "Statistical model" in text
    assert "What it leaves out." in text
    assert "speed of the margin without stress" in text
    assert text.count("<math") >= 5


def test_an_epub_holds_the_still_figure_and_no_explorer(project) -> None:
    """EPUB readers get the picture and the tables alone."""
    text = (project / "epub/index.xhtml").read_text()

    assert "hw-explorer" not in text
    assert "<script" not in text
    assert re.search(r'<img[^>]*alt="Graph\. The area falls to nothing\."', text)


def test_a_caption_speaks_of_sliders_only_where_there_are_some(project) -> None:
    """The web page invites to move them; elsewhere a line says that the web page has them."""

    def caption(name: str, number: int) -> str:
        text = re.sub(r"<script.*?</script>", "", (project / name).read_text(), flags=re.DOTALL)
        found = re.findall(r"<figcaption>(.*?)</figcaption>", text, flags=re.DOTALL)[number]
        return " ".join(re.sub(r"<[^>]*>", "", found).split()).rstrip("¶")

    web, book = "html/index.html", "epub/index.xhtml"
    assert caption(web, 0).endswith("The caption. Move σ: when does it close?")
    assert caption(book, 0).endswith("The caption. On the web page sliders change σ and tlag.")
    assert caption(web, 1).endswith("Times to heal.")
    assert re.search(r"Times to heal\. On the web page a slider changes [^.]+\.$", caption(book, 1))


def test_script_and_data_of_a_page_stay_below_25_kilobytes(project) -> None:
    """All explorer scripts of a page together, gzipped."""
    text = (project / "html/index.html").read_text()
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    ours = "".join(s for s in scripts if "hardwired" in s)

    assert ours.count("const hardwired =") == 1
    assert len(gzip.compress(ours.encode())) < 25_000
    assert "http://" not in ours.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.browser
def test_a_slider_moved_by_key_redraws_the_curve_and_its_value(page) -> None:
    """Arrow keys move a labelled native slider; curve, output and value text follow at once."""
    slider = page.get_by_label("share of the speed that stress takes")
    before = page.locator("path.hw-curve").first.get_attribute("d")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")

    assert page.locator("path.hw-curve").first.get_attribute("d") != before
    assert slider.get_attribute("aria-valuetext") == "0.06"
    assert page.locator("output").first.inner_text() == "0.06"


@pytest.mark.browser
def test_the_curve_is_that_of_python(page) -> None:
    """The table of plotted values shows what simulate gives."""
    page.get_by_role("button", name="carers").click()
    page.locator("summary").first.click()
    cells = page.locator(".hw-explorer-values").first.locator("tbody tr").all_inner_texts()
    margin = models.get("wounds-margin")
    for row in cells:
        day, area = (float(x) for x in row.split())
        nearest = 56 * round(day / 56 * 480) / 480  # the table rounds the day it shows
        expected = margin.simulate([nearest], **margin.scenarios["carers"])["A"][0]

        assert area == pytest.approx(expected, abs=0.006)


@pytest.mark.browser
def test_the_day_of_closing_is_said_in_large_figures(page) -> None:
    """The caption asks for it; it is the paper's 39.3 days, and 48.7 for carers."""
    told = page.locator(".hw-explorer-told").first
    before = told.inner_text()
    page.get_by_role("button", name="carers").click()

    assert before.strip() == "time to closure: 39.3 day"
    assert told.inner_text().strip() == "time to closure: 48.7 day"
    assert told.locator("b").evaluate("b => parseFloat(getComputedStyle(b).fontSize)") > 22


@pytest.mark.browser
def test_a_guess_hides_the_curve_until_the_reader_looks(page) -> None:
    """What is drawn stays beside the curve; no number and no name of the picture gives it away."""
    explorer, plot = page.locator(".hw-explorer").first, page.locator(".hw-explorer-plot").first
    explorer.get_by_role("button", name="Guess first").click()
    page.get_by_label("share of the speed that stress takes").press("End")
    plot.scroll_into_view_if_needed()
    box = plot.locator("svg").bounding_box()
    page.mouse.move(box["x"] + 80, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=4)
    page.mouse.up()
    page.wait_for_timeout(600)
    hidden = [
        plot.locator("path.hw-curve").count(),
        explorer.locator(".hw-explorer-told b").inner_text(),
        "hidden until you look" in plot.locator("svg").get_attribute("aria-label"),
        explorer.locator("details").is_visible(),
    ]
    explorer.get_by_role("button", name="Look").click()

    assert hidden == [0, "?", True, False]
    assert plot.locator("path.hw-curve").count() == 1
    assert plot.locator("path.hw-guess").get_attribute("d").count("L") == 4
    assert explorer.locator(".hw-explorer-said").inner_text().startswith("The dotted line is your")


@pytest.mark.browser
def test_a_setting_is_copied_as_a_link_that_opens_it(page) -> None:
    """At once, without the pause after which the address follows the sliders."""
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_label("share of the speed that stress takes").press("End")
    page.get_by_role("button", name="Copy link").first.click()
    until(page, "window.copied")
    page.wait_for_timeout(700)  # longer than the pause after which a moved slider is told

    assert "#explore=wounds-margin;sigma=0.6" in page.evaluate("copied")
    assert page.locator(".hw-explorer-said").first.inner_text() == (
        "The link to this setting is copied."
    )


@pytest.mark.browser
def test_a_bar_that_lies_on_the_axis_is_seen_by_its_ends(page) -> None:
    """Days of closing are marks at an area of nought."""
    bars = page.locator(".hw-explorer-plot").first.locator(".hw-bar")

    assert bars.count() == 2
    assert min(bar.bounding_box()["height"] for bar in bars.all()) >= 8


def test_no_slider_is_named_by_a_macro() -> None:
    """A Greek letter is a letter in every label, also before an index and inside a product."""
    macro = re.compile(r"\\|alpha|beta|delta|epsilon|varphi|\bphi|rho|sigma|\btau|Delta")
    named = {
        f"{model.name}: {words}"
        for model in models.catalog().values()
        for spelled in equations.names(model).values()
        if macro.search(words := re.sub("<[^>]*>", "", to_mathml(spelled, False)))
    }

    assert len(models.catalog()) > 20
    assert named == set()


def test_curves_are_drawn_finer_than_a_pixel() -> None:
    """Pulses that the model makes alike have peaks alike, to a fifth of a per cent."""
    pulses = View(models.get("channels-cortisol-pulses"), sliders=(), outputs=("a",))
    y = list(pulses.run["a"])
    peaks = [b for a, b, c in zip(y, y[1:], y[2:], strict=False) if a < b >= c][3:]

    assert len(peaks) >= 8
    assert min(peaks) > 0.998 * max(peaks)


@pytest.mark.browser
def test_what_changed_is_announced_once_the_reader_rests(page) -> None:
    """A polite live region says the result, debounced."""
    said = page.locator(".hw-explorer-said").first

    assert said.get_attribute("aria-live") == "polite"
    assert said.inner_text() == ""

    page.get_by_label("share of the speed that stress takes").press("End")
    until(page, "document.querySelector('.hw-explorer-said').textContent")

    assert "open area: highest 9.62 mm² at 0 day" in said.inner_text()


@pytest.mark.browser
def test_the_address_carries_the_state_and_reset_clears_it(page) -> None:
    """A copied address opens the same curve; reset gives the published values back."""
    slider = page.get_by_label("share of the speed that stress takes")
    slider.press("End")
    until(page, "location.hash.includes('sigma=0.6')")
    curve = page.locator("path.hw-curve").first.get_attribute("d")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("path.hw-curve")

    assert other.locator("path.hw-curve").first.get_attribute("d") == curve
    assert other.get_by_label("share of the speed that stress takes").input_value() == "100"

    page.get_by_role("button", name="Reset").first.click()
    until(page, "!location.hash")

    assert slider.get_attribute("aria-valuetext") == "0"
    other.close()


@pytest.mark.browser
def test_a_link_of_an_older_edition_says_what_it_cannot(page) -> None:
    """What the model still knows is set; what it does not know is said."""
    other = page.context.new_page()
    other.goto(f"{page.url.partition('#')[0]}#explore=wounds-margin;sigma=0.4;gone_since=3")
    other.wait_for_selector("path.hw-curve")

    assert other.locator(".hw-explorer-said").first.inner_text() == (
        "Part of this link belongs to another edition and was left out."
    )
    assert (
        other.get_by_label("share of the speed that stress takes").get_attribute("aria-valuetext")
        == "0.4"
    )
    other.close()


@pytest.mark.browser
def test_a_model_without_formulas_is_explored_on_precomputed_runs(page) -> None:
    """The slider walks over the levels that were run, and the declared value is one of them."""
    slider = page.get_by_label("mean time to heal, carers")

    assert slider.get_attribute("max") == "14"
    assert slider.get_attribute("aria-valuetext") == "48.7 day"

    curve = page.locator("path.hw-curve[data-symbol=S_s]")
    before = curve.get_attribute("d")
    slider.press("ArrowRight")

    assert curve.get_attribute("d") != before


@pytest.mark.browser
def test_no_word_of_the_plot_is_cut_off_on_a_narrow_screen(page) -> None:
    """Legends and the name of the axis break into lines; every text lies within the picture."""
    page.set_viewport_size({"width": 320, "height": 800})
    until(
        page,
        """[...document.querySelectorAll('.hw-explorer-plot')].every((plot) =>
          +plot.firstChild.getAttribute('viewBox').split(' ')[2]
            === Math.max(280, plot.clientWidth))""",
    )
    outside = page.evaluate(
        """[...document.querySelectorAll('.hw-explorer-plot svg')].flatMap((svg) => {
          const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter((text) => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1
              || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
          }).map((text) => text.textContent);
        })"""
    )

    assert outside == []


@pytest.mark.browser
def test_points_of_two_kinds_have_two_shapes(page) -> None:
    """Controls and carers are told apart without colour, in the legend and in the plot."""
    shapes = page.locator(".hw-explorer-plot").first.locator(".hw-mark")
    drawn = [shapes.nth(k).get_attribute("d") for k in range(shapes.count())]

    assert drawn == [drawn[0], drawn[1], drawn[0], drawn[1]]
    assert drawn[0] != drawn[1]


@pytest.mark.browser
def test_the_explorer_breaks_no_rule_of_wcag(page) -> None:
    """Axe finds nothing wrong in the explorer."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=".hw-explorer, .hw-explorer-plot")

    assert found.violations_count == 0, found.generate_report()


def test_a_slip_is_reported_with_file_line_and_mend(tmp_path, root) -> None:
    """The errors name the page, the line, the model and the mend, and the build goes on."""
    slips = {
        3: ("{model} wounds-margins", "", "did you mean wounds-margin?"),
        7: ("{model} wounds-margin", ":parameters: sigmas", "did you mean sigma?"),
        11: ("{model} wounds-margin", ":outputs: AA", "no output AA"),
        15: ("{model} wounds-macrophages", ":parameters: tau1", "no range for a slider"),
        19: ("{model} wounds-margin", ":try: Move it.", "nothing to try without :parameters:"),
    }
    text = "# Page\n" + "".join(
        f"\n:::{name}\n{option or ':table: none'}\n:::\n" for name, option, _ in slips.values()
    )
    said = build(tmp_path, root, "html", text).splitlines()
    for line, (_, _, message) in slips.items():
        assert any(f"index.md:{line}: ERROR" in s and message in s for s in said), (line, said)


def test_the_still_figure_has_the_shapes_of_the_explorer() -> None:
    """Paper and page show the same point in the same shape."""
    figure = View(models.get("wounds-margin"), (), ("A",)).draw()
    drawn = [c.get_children()[0].get_marker() for c in figure.axes[0].containers]

    assert drawn == ["o", "s"]


def test_precomputed_runs_carry_three_sliders_at_most() -> None:
    """More would not fit into the page."""
    model = models.get("wounds-time-to-heal")
    with pytest.raises(DeclarationError, match="at most 3"):
        View(model, ("m_carer", "sd_carer", "m_control", "sd_control"), model.plot)
    with pytest.raises(UnknownNameError, match="parameter x"):
        View(model, ("x",), model.plot)


def test_everything_but_the_explorer_is_ordinary_docutils(project) -> None:
    """The doctree holds no node class of our own, so that every builder can write it."""
    doctree = pickle.loads((project / "../trees/index.doctree").read_bytes())
    box = next(iter(doctree.findall(nodes.container)))
    modules = {type(node).__module__.split(".")[0] for node in box.findall()}

    assert "hw-model" in box["classes"]
    assert modules <= {"docutils", "sphinx", "sphinxcontrib"}
