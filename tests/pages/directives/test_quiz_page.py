"""The quiz on a page: a form for those with scripts, unfolding answers for all others."""

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages.directives.test_quiz import GOOD
from tests.press.conftest import build as typeset

PAGE = "# Check yourself\n\n```{quiz} 05-wounds\n```\n"


@pytest.fixture(scope="module")
def built(build, tmp_path_factory):
    """Build a page with a question of each kind."""
    folder = tmp_path_factory.getbasetemp() / "exercises/05-wounds"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quiz.yml").write_text(GOOD, encoding="utf-8")
    return build(index=PAGE)


@pytest.fixture
def page(built, browser):
    """Open the page in a browser."""
    context = browser.new_context()
    page = context.new_page()
    page.goto((built.folder / "index.html").as_uri())
    yield page
    context.close()


def said(page, number):
    """Return what question ``number`` answers, in one line."""
    return " ".join(page.locator(".hw-quiz-said").nth(number).inner_text().split())


def score(page):
    """Return the line that keeps the score."""
    return page.locator(".hw-quiz-score").inner_text()


def test_the_page_holds_questions_and_folded_answers_without_a_script(built):
    """What is built has no form; each answer stands in a fold of its own."""
    items = built.page().xpath("//*[contains(@class, 'hw-quiz-item')]")

    assert built.warnings == ""
    assert len(items) == 4
    assert all(len(item.xpath("./details/summary")) == 1 for item in items)
    assert built.page().xpath("//fieldset | //input[@type='radio']") == []
    assert "9.4 day (accepted within 0.1 day)" in items[1].text_content()
    assert [li.text_content().strip() for li in items[2].xpath(".//details//ol/li")] == [
        "Mend",
        "Bleed",
        "Clot",
    ]


def test_the_fold_says_what_marks_an_answer(built):
    """Kind and key stand in the markup, as numbers of the options shown."""
    folds = built.page().xpath("//details[contains(@class, 'hw-unfold')]")
    keys = [{k: v for k, v in fold.attrib.items() if k != "class"} for fold in folds]
    options = folds[0].getparent().xpath("./ol/li")

    assert [key["data-kind"] for key in keys] == ["single", "numeric", "ordering", "multiple"]
    assert "The first" in options[int(keys[0]["data-right"])].text_content()
    assert (keys[1]["data-answer"], keys[1]["data-within"]) == ("9.4", "0.1")
    assert keys[2]["data-right"] == "1 2 0"


def test_a_formula_that_does_not_convert_is_named_with_file_and_item(build, tmp_path_factory):
    """The build says which quiz, which item and which formula."""
    folder = tmp_path_factory.getbasetemp() / "exercises/06-formula"
    folder.mkdir(parents=True, exist_ok=True)
    text = GOOD.replace("$18.8$", r"$\frac{1}$")
    (folder / "quiz.yml").write_text(text, encoding="utf-8")

    warnings = build(index="# A\n\n```{quiz} 06-formula\n```\n").warnings

    assert "06-formula/quiz.yml: item q2: the formula $\\frac{1}$ does not convert" in warnings


@pytest.mark.browser
def test_without_a_script_the_answers_unfold(built, browser):
    """Questions, choices and answers are all there; nothing is offered that would not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built.folder / "index.html").as_uri())
    answer = page.locator(".hw-quiz-answer").nth(2)
    before = answer.is_visible()
    page.locator("summary").nth(2).press("Enter")

    assert (before, answer.is_visible()) == (False, True)
    assert "A wound goes its way." in answer.inner_text()
    assert page.locator(".hw-quiz button, .hw-quiz input").count() == 0
    context.close()


@pytest.mark.browser
def test_a_choice_is_answered_with_the_keyboard_alone(page):
    """Arrow keys choose, Enter checks, the reason of that option is said, and a way leads on."""
    first = page.locator("input[type=radio]").first
    labels = page.locator(".hw-quiz-item").first.locator("label").all_inner_texts()
    right = next(n for n, text in enumerate(labels) if "The first" in text)
    wrong = (right + 1) % 4

    first.focus()
    page.keyboard.press("Space")
    for _ in range(wrong):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    before = said(page, 0)
    for _ in range((right - wrong) % 4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    after = said(page, 0)
    page.get_by_role("button", name="Next question").press("Enter")

    assert before.startswith("Not yet: try again, or unfold the answer. At the first try: 0 of 1.")
    assert f"{'abcd'[wrong]}) Wrong. No." in before
    assert after.startswith("Right. At the first try: 0 of 1.")
    assert f"{'abcd'[right]}) Right. Because." in after
    assert score(page).startswith("0 of 4 right at the first try, 1 answered.")
    assert page.evaluate("document.activeElement.inputMode") == "decimal"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("9.4", "Right."),
        ("9,5 day", "Right."),
        ("9.51", "Not yet: Your number is too high."),
        ("−9.4", "Not yet: Your number is too low."),
        ("", "Write a number"),
        ("nine", "Write a number"),
    ],
)
def test_a_number_is_marked_within_its_tolerance(page, typed, start):
    """A decimal comma, the unit and a true minus sign are read; what is no number is no try."""
    number = page.get_by_label("Your answer")
    number.fill(typed)
    number.press("Enter")

    heard = said(page, 1).replace("try again, or unfold the answer. At the first try: 0 of 1. ", "")
    assert heard.startswith(start)


@pytest.mark.browser
def test_steps_are_put_in_order(page):
    """A place for each step; how many stand right is said, and the way only when all do."""
    item = page.locator(".hw-quiz-item").nth(2)
    places = {step: item.get_by_label(step) for step in ("Bleed", "Clot", "Mend")}
    heard = []
    for chosen in ("12-", "123", "231"):
        for place, step in zip(chosen, places, strict=True):
            places[step].select_option("" if place == "-" else place)
        item.get_by_role("button", name="Check").click()
        heard.append(said(page, 2))

    assert heard[0] == "Give every step a place, and each place once."
    assert "0 of 3 steps are in their place." in heard[1]
    assert heard[2].startswith("Right.")
    assert "A wound goes its way." in heard[2]


@pytest.mark.browser
def test_several_choices_are_all_or_nothing_and_each_is_explained(page):
    """What is right, wrong and missing is said for the options that were chosen."""
    item = page.locator(".hw-quiz-item").nth(3)
    check = item.get_by_role("button", name="Check")
    check.click()
    heard = [said(page, 3)]
    item.get_by_label("One").check()
    item.get_by_label("Three").check()
    check.click()
    heard.append(said(page, 3))
    item.get_by_label("Three").uncheck()
    item.get_by_label("Two").check()
    check.click()
    heard.append(said(page, 3))

    assert heard[0] == "Choose at least one answer first."
    assert "1 of 2 right ones chosen, 1 wrong." in heard[1]
    assert "It is." in heard[1]
    assert "It is not." in heard[1]
    assert heard[2].startswith("Right.")


@pytest.mark.browser
def test_an_answer_that_was_unfolded_first_does_not_score(page):
    """And starting again forgets everything."""
    number = page.get_by_label("Your answer")
    page.locator("details").nth(1).evaluate("fold => { fold.open = true; }")
    number.fill("9.4")
    number.press("Enter")
    looked = score(page)
    page.get_by_role("button", name="Start again").click()
    empty = [score(page), number.input_value(), said(page, 1)]
    number.fill("9.4")
    number.press("Enter")

    assert looked.startswith("0 of 4 right")
    assert empty == ["", "", ""]
    assert score(page).startswith("1 of 4 right")


@pytest.mark.browser
def test_forms_are_named_live_and_accessible(page):
    """Each question is a group with its text as name; answers are announced; axe finds nothing."""
    names = ["1. Which wound?", "2. How long?", "3. In which order?", "4. Which two?"]
    groups = [page.get_by_role("group", name=name).count() for name in names]
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Check").first.click()
    levels = {"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}
    result = Axe().run(page, context=".hw-quiz", options=levels)

    assert groups == [1, 1, 1, 1]
    assert page.locator(".hw-quiz-said[role=status]").count() == 4
    assert result.response["violations"] == []


@pytest.mark.browser
def test_nothing_is_stored(page):
    """The score lives in the page; no cookie, no storage."""
    page.get_by_label("Your answer").fill("9.4")
    page.get_by_label("Your answer").press("Enter")

    assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"


def test_epub_unfolds_the_same_text(build, tmp_path_factory):
    """No script, no form: questions and folded answers, with the key in the text."""
    folder = tmp_path_factory.getbasetemp() / "exercises/05-wounds"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quiz.yml").write_text(GOOD, encoding="utf-8")

    built = build("epub", index=PAGE)
    page = lxml.html.fromstring((built.folder / "index.xhtml").read_bytes())

    assert len(page.xpath("//details/summary")) == 4
    assert "The half of" in page.text_content()
    assert page.xpath("//input | //script") == []


def test_print_has_questions_in_place_and_every_answer_in_the_back(tmp_path):
    """Of every kind; the steps of an ordering are printed out of order, and in order behind."""
    book, folder = tmp_path / "book", tmp_path / "exercises/05-wounds"
    folder.mkdir(parents=True)
    book.mkdir()
    (folder / "quiz.yml").write_text(GOOD, encoding="utf-8")
    (book / "index.md").write_text("# Book\n\n```{toctree}\nchapter\n```\n", encoding="utf-8")
    (book / "chapter.md").write_text(PAGE, encoding="utf-8")
    (book / "conf.py").write_text("", encoding="utf-8")

    printed = typeset(
        book,
        tmp_path,
        extensions=["hardwired.pages"],
        bibtex_bibfiles=[],
        myst_enable_extensions=["dollarmath"],
    )
    page = printed.source("chapter")
    back = next(printed.out.glob("gathering-*-end.typ")).read_text(encoding="utf-8")
    back = back.replace("~", " ").replace("\u00a0", " ")  # a unit is never parted from its number

    assert printed.said == ""
    assert page.index("Bleed") < page.index("Clot") < page.index("Mend")
    assert "accepted within" not in page
    assert back.index("Mend") < back.index("Bleed") < back.index("Clot")
    for words in ("accepted within 0.1 day", "Because.", "It is too.", "A wound goes its way."):
        assert words in back


SLIPS = """
chapter: 06-slips
items:
  - id: q1
    objective: o1
    kind: numeric
    question: How long?
    answer: 9.4
    tolerance: 0.1
    unit: day
    why: >-
      The half of $18.8$.
      If you answered 18.8, you forgot to halve; if 4.7 or 4.8, you halved twice.
"""


@pytest.mark.browser
def test_a_wrong_number_is_told_its_slip_and_the_section_to_read_again(
    build, browser, tmp_path_factory
):
    """The thought behind a number that the answer names is said at once, others get no guess."""
    folder = tmp_path_factory.getbasetemp() / "exercises/06-slips"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quiz.yml").write_text(SLIPS, encoding="utf-8")
    built = build(
        index="# A book\n\n```{toctree}\nchapters/06-slips\n```\n",
        files={
            "front/objectives.yml": "06-slips:\n  o1: [A part]\n",
            "chapters/06-slips.md": (
                "# A chapter\n\n## A part\n\nText.\n\n## Asked\n\n```{quiz} 06-slips\n```\n"
            ),
        },
    )
    page = browser.new_page()
    page.goto((built.folder / "chapters/06-slips.html").as_uri())
    number = page.get_by_label("Your answer")
    heard = []
    for typed in ("18.8", "4,8", "7"):
        number.fill(typed)
        number.press("Enter")
        heard.append(said(page, 0).split("0 of 1. ")[1])
    target = page.locator(".hw-quiz-said .hw-quiz-again a").get_attribute("href")
    page.close()

    assert built.warnings == ""
    assert heard[0].startswith("Your number is too high. You forgot to halve. Read again: A part")
    assert heard[1].startswith("Your number is too low. You halved twice. Read again: A part")
    assert heard[2].startswith("Your number is too low. Read again: A part")
    assert target.endswith("#a-part")
