"""`hardwired check`: one line with file, line and mend for every rule that is broken."""

import argparse
import hashlib
import re

import pytest

from hardwired.evidence import commands
from hardwired.evidence.checks import check
from hardwired.evidence.checks.references import titles_agree
from tests.conftest import ROOT
from tests.evidence.conftest import DATA

PROVENANCE = (DATA / "provenance.csv").as_posix()
CLAIMS = (DATA / "claims.yml").as_posix()
STUDIES = (DATA / "studies.csv").as_posix()
PACKAGE = (DATA / "datapackage.json").as_posix()
TABLE = (DATA / "tables/wounds-delays.csv").as_posix()


def said(repository):
    """Return the lines that the check prints."""
    return [str(problem) for problem in check(repository.root)]


def run(*words):
    """Run `hardwired check` as the command line does and return its exit code."""
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers(required=True))
    arguments = parser.parse_args(["check", *map(str, words)])
    return arguments.run(arguments)


def fingerprint(root):
    """Return names and contents of all files of a folder."""
    return {
        path.relative_to(root): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_evidence_that_keeps_its_rules_has_no_fault(repository):
    """The little repository of the fixture is sound."""
    assert said(repository) == []


def test_the_evidence_of_the_book_keeps_its_rules():
    """The real files have no fault at all."""
    assert [str(problem) for problem in check(ROOT)] == []


def test_exit_codes_and_output(repository, capsys):
    """0 and a word when all is well; 1 and one line a fault; 2 without a repository."""
    assert run("--root", repository.root) == 0
    assert "keeps its rules" in capsys.readouterr().err

    repository.change("references.bib", "  year = {2001},\n", "")
    assert run("--root", repository.root) == 1
    shown = capsys.readouterr()
    assert shown.out == "references.bib:1: doe2001carers has no year; add its year.\n"
    assert shown.err.startswith("1 fault in")

    assert run("--root", repository.root / "src") == 2
    assert "give the top of the repository with --root" in capsys.readouterr().err


def test_the_root_is_found_from_any_folder_below(repository, monkeypatch):
    """Without --root the nearest folder upwards with references.bib is checked."""
    monkeypatch.chdir(repository.root / DATA / "tables")

    assert run() == 0


def test_nothing_is_written_when_faults_are_found(repository):
    """The check reads only."""
    repository.change(DATA / "studies.csv", ",day,higher", ",,higher")
    before = fingerprint(repository.root)

    assert run("--root", repository.root) == 1
    assert fingerprint(repository.root) == before


# --- bad input of the issue ----------------------------------------------------------------------


def test_a_malformed_entry_is_named_with_its_line(repository):
    """A brace that is not closed points to the entry; the entries after it are still read."""
    repository.change("references.bib", "{No delay in a second study},", "{No delay in a study,")

    assert said(repository) == [
        "references.bib:9: muller2010null is not closed; close a brace or quote in it."
    ]


def test_a_missing_comma_is_named_with_its_line(repository):
    """The line is the first that cannot be read; the mend points to the end of the one above."""
    repository.change("references.bib", '{M{\\"u}ller, Anna},', '{M{\\"u}ller, Anna}')

    assert said(repository) == [
        "references.bib:11: muller2010null cannot be read on; write `name = {text},` "
        "(is a comma missing at the end of the line above?)."
    ]


def test_a_duplicate_key_is_named_with_both_lines(repository):
    """The second of the two is the fault."""
    repository.change("references.bib", "@book{healing1990book", "@book{doe2001carers")

    assert said(repository) == [
        "references.bib:17: key doe2001carers stands twice (first at line 1); "
        "merge the two or rename one."
    ]


def test_an_unknown_verdict_is_named_with_claim_and_line(repository):
    """The message lists the six verdicts."""
    repository.claims[1]["parts"][0]["verdict"] = "true"
    repository.save()
    line = next(
        number
        for number, text in enumerate(repository.read(DATA / "claims.yml").splitlines(), 1)
        if text == "    verdict: 'true'"
    )

    assert said(repository) == [
        f"{CLAIMS}:{line}: C2a: unknown verdict 'true'; use one of supported, "
        "supported-with-limits, oversimplified, contested, not-shown, incorrect."
    ]


def test_a_row_without_unit_is_named_with_its_line(repository):
    """Row 1 stands on line 2."""
    repository.studies[0]["unit"] = ""
    repository.save()

    assert said(repository) == [f"{STUDIES}:2: no unit; fill the column 'unit'."]


def test_a_study_of_an_unknown_work_is_named_with_its_line(repository):
    """The key may be wrong, or the entry missing."""
    repository.studies[0]["reference"] = "doe2002carers"
    repository.save()

    assert said(repository) == [
        f"{STUDIES}:2: unknown key doe2002carers; "
        "correct the key, or add the entry to references.bib."
    ]


# --- every other rule ----------------------------------------------------------------------------

BIB_RULES = [
    ("doi = {10.1000/carers.1}", "doi = {doi.org/carers}", ":6: .*'doi.org/carers' is no DOI"),
    ("doi = {10.1000/carers.1}", "doi = {10.1000/Carers.1}", ":6: .*DOI with capitals"),
    ("doi = {10.1000/null.2}", "doi = {10.1000/carers.1}", ":14: .*has the DOI of doe2001carers"),
    ("  doi = {10.1000/null.2},\n", "", ":9: muller2010null has no DOI and no reason"),
    (
        "Carers heal slowly",
        "Carers heal fast",
        ":3: doe2001carers: title .* is not that of the rec",
    ),
    ("author = {Doe, Jane", "author = {Poe, Jane", ":2: .*first author 'Poe, Jane' is not that"),
    ("  year = {2001},", "  year = {2001},\n  number = {4},", ":6: .*field number was not seen"),
    (", volume = {4}", "", ":1: doe2001carers has no volume and no reason"),
    (", pages = {e7}", "", ":9: muller2010null has no pages and no reason"),
    ("@article{doe2001carers", "@article{Doe_2001", ":1: key 'Doe_2001'; write it as"),
    ("  author = {Doe, Jane and Roe, Richard},\n", "", ":1: doe2001carers has no author"),
    ("title = {The book of wounds}", "title = {}", ":19: .*the field title is empty"),
    ("  year = {2001},", "  year = {2001},\n  year = {2002},", ":6: .*field year stands twice"),
    ("@book{healing1990book,", "@book{", ":17: an entry without type or key"),
    ("year = {2010}", "year = Twenty10", ":13: .*a value without braces"),
]


@pytest.mark.parametrize(("old", "new", "expected"), BIB_RULES)
def test_rules_of_the_bibliography(repository, old, new, expected):
    """Each broken rule is said with its line."""
    repository.change("references.bib", old, new)

    assert any(re.match("references.bib" + expected, line) for line in said(repository))


PROVENANCE_RULES = [
    ("doe2001carers,", "doe2003carers,", ":2: doe2003carers is not in references.bib"),
    ("none found: a list, 2026-11-24", "none", ":2: .*corrections 'none'; run `hardwired check"),
    ("none found: a list, 2026-11-24", "not checked", ":2: .*corrections 'not checked'; run `har"),
    (", 2026-11-24", "", ":2: .*corrections 'none found: a list'"),
    ("https://example.org/1", "PubMed", ":2: .*address 'PubMed'; write https"),
    (
        "title;authors;journal;year;volume;pages;doi",
        "title;writers",
        ":2: .*unknown word 'writers' in fields_se",
    ),
    ("2026-11-24", "24 November", ":2: date '24 November' is no date"),
    ("Doe J", "", ":2: no record_author"),
    (",abstract,", ",title,", ":2: unknown read 'title'; use one of record, abstract, part"),
    (",abstract,", ",,", ":2: no read; fill the column 'read'"),
    ("record_author,", "", ":1: column 'record_author' stands 0 times"),
    ("https://example.org/1,", "https://example.org/1,,", ":2: 9 cells where the header has 8"),
]


@pytest.mark.parametrize(("old", "new", "expected"), PROVENANCE_RULES)
def test_rules_of_the_provenance(repository, old, new, expected):
    """Each broken rule is said with its line."""
    repository.change(DATA / "provenance.csv", old, new)

    assert any(re.match(PROVENANCE + expected, line) for line in said(repository))


def test_an_entry_without_provenance_is_a_fault(repository):
    """Every entry has its row."""
    repository.write(
        DATA / "provenance.csv",
        "\n".join(repository.read(DATA / "provenance.csv").splitlines()[:-1]) + "\n",
    )

    assert said(repository) == [
        "references.bib:17: healing1990book has no provenance; add its row to provenance.csv."
    ]


def test_authors_are_named_up_to_twenty(repository):
    """What is cut sooner says in its note why it must be."""
    repository.change("references.bib", "{Doe, Jane and Roe, Richard}", "{Doe, Jane and others}")
    assert said(repository) == [
        "references.bib:2: doe2001carers names 1 of its authors and hides the others; "
        "name them up to 20, or note = {More authors: why they cannot be named}."
    ]

    note = "  year = {2001},\n  note = {More authors: the record names the first alone},"
    repository.change("references.bib", "  year = {2001},", note)
    assert said(repository) == []

    twenty = " and ".join(f"Doe, {letter}." for letter in "ABCDEFGHIJKLMNOPQRST")
    repository.change("references.bib", "Doe, Jane and others", f"{twenty} and others")
    repository.change("references.bib", note, "  year = {2001},")
    assert said(repository) == []


def test_a_reason_stands_in_for_volume_and_pages(repository):
    """A work that is printed nowhere yet has neither."""
    repository.change("references.bib", ", volume = {4}, pages = {1--9}", "")
    note = "  year = {2001},\n  note = {No volume or pages: published online before an issue},"
    repository.change("references.bib", "  year = {2001},", note)

    assert said(repository) == []


def set_claim(**parts):
    """Return a change to the first claim."""

    def change(repository):
        repository.claims[0] |= parts

    return change


def set_part(**pieces):
    """Return a change to the first part of the first claim."""

    def change(repository):
        repository.claims[0]["parts"][0] |= pieces

    return change


def drop_claim(repository):
    """Take one claim away."""
    del repository.claims[21]


def swap_claims(repository):
    """Put two claims in the wrong order."""
    claims = repository.claims
    claims[0], claims[1] = claims[1], claims[0]


def set_reference(**parts):
    """Return a change to the first reference of the first claim."""

    def change(repository):
        repository.claims[0]["parts"][0]["references"][0] |= parts

    return change


def no_human(repository):
    """Make both references of the first claim animal studies."""
    for reference in repository.claims[0]["parts"][0]["references"]:
        reference["outcome"] = "animal"


def one_reference(repository):
    """Leave the first claim with one reference."""
    del repository.claims[0]["parts"][0]["references"][0]


CLAIM_RULES = [
    (drop_claim, r": claim C22 of 08-balance is missing; add it\."),
    (swap_claims, ":1: claims are out of order"),
    (one_reference, ":34: C1a: fewer than two references"),
    (no_human, ":34: C1a: no reference on the human outcome"),
    (set_claim(teacher="Too short."), ":43: C1: the teacher says 2 words; make it 60 to 120"),
    (set_claim(chapter="05-wounds"), ":2: C1: chapter 05-wounds; it belongs to 01-hardwired"),
    (set_claim(chapter="09-end"), ":2: C1: unknown chapter '09-end'"),
    (set_claim(parts=[]), ":4: C1: parts is not a list of mappings"),
    (set_claim(mood="good"), ":44: C1: unknown part 'mood'"),
    (set_claim(id="C99"), ":1: C99: the article has no such claim"),
    (set_part(verdict_reasons=""), ":9: C1a: verdict_reasons is not a text"),
    (set_part(references="none"), ":34: C1a: references is not a list of mappings"),
    (set_reference(role="pro"), ":36: C1a: unknown role 'pro' of doe2001carers"),
    (set_reference(outcome="people"), ":37: C1a: unknown outcome 'people'"),
    (set_reference(why="It took longer"), ":35: C1a: why doe2001carers counts is no sentence"),
    (set_reference(key="muller2010null"), ":39: C1a: muller2010null stands twice"),
    (set_reference(key="doe2009other"), ":35: unknown key doe2009other"),
    (set_reference(role="against"), ":8: C1a: supported, yet no reference for it"),
]


@pytest.mark.parametrize(("change", "expected"), CLAIM_RULES)
def test_rules_of_the_claims(repository, change, expected):
    """Each broken rule is said with the claim and its line."""
    change(repository)
    repository.save()

    lines = said(repository)

    assert any(re.match(CLAIMS + expected, line) for line in lines), lines


def test_broken_yaml_is_named_with_its_line(repository):
    """A colon in a plain text breaks YAML; the line is where it stands."""
    repository.change(DATA / "claims.yml", "Two studies disagree.", "Two: studies: disagree.")

    assert re.match(rf"{CLAIMS}:9: broken YAML \(.*\); mend the indentation", said(repository)[0])


def test_a_key_that_stands_twice_in_a_claim_is_named_with_its_line(repository):
    """YAML itself would silently keep the last of the two."""
    repository.change(DATA / "claims.yml", "    verdict:", "    verdict: contested\n    verdict:")

    assert f"{CLAIMS}:9: broken YAML (the key 'verdict' stands twice)" in said(repository)[0]


STUDY_RULES = [
    ({"design": "trial"}, "unknown design 'trial'"),
    ({"value": "9,4"}, "value '9,4' is no number"),
    ({"value": ""}, "doe2001-days: value is empty"),
    ({"scale": "direction-only"}, "doe2001-days: direction-only with a number or unit"),
    ({"n_a": "13.5"}, "n_a '13.5' is no whole number"),
    ({"p": "ns"}, "p 'ns' is no p value"),
    ({"high": ""}, "doe2001-days: only one of low and high"),
    ({"level": ""}, "doe2001-days: limits without their level"),
    ({"level": "95"}, "doe2001-days: level 95 is no level"),
    ({"low": "19.0"}, "doe2001-days: low is above high"),
    ({"spread_kind": ""}, "doe2001-days: spreads without spread_kind"),
    ({"mean_unit": ""}, "doe2001-days: means without mean_unit"),
    ({"mean_a": ""}, "doe2001-days: spread_a without mean_a"),
    ({"events_a": "14"}, "doe2001-days: more events than people in group A"),
    ({"used_in": "somewhere"}, "doe2001-days: used_in 'somewhere'"),
    ({"contrast": "arms"}, "unknown contrast 'arms'"),
    ({"adjusted": "partly"}, "unknown adjusted 'partly'"),
    ({"design": "rct"}, "doe2001-days: a trial without primary"),
    ({"primary": "yes"}, "doe2001-days: primary, yet no trial"),
    ({"topic": " delay"}, "topic ' delay' has blanks at its ends"),
    ({"value": "9.6"}, "doe2001-days: mean-difference 9.6, but the means give 9.3 to 9.5"),
    ({"p": "0.05"}, "doe2001-days: p 0.05, but means and spreads give"),
    ({"exception": "Rounded."}, "doe2001-days has an exception and yet agrees with itself"),
    ({"reference": "Doe 2001"}, "reference 'Doe 2001' is no bibliography key"),
]


@pytest.mark.parametrize(("parts", "expected"), STUDY_RULES)
def test_rules_of_the_studies(repository, parts, expected):
    """Each broken rule is said with its line."""
    repository.studies[0] |= parts
    repository.save()

    assert any(line.startswith(f"{STUDIES}:2: {expected}") for line in said(repository))


def test_an_explained_exception_is_no_fault(repository):
    """A row may contradict itself when it says why."""
    repository.studies[0] |= {"p": "<0.01", "exception": "The paper tested logarithms."}
    repository.save()

    assert said(repository) == []


def test_exceptions_are_listed_with_their_explanation(repository, capsys):
    """Whoever doubts a number finds what disagrees and why."""
    repository.studies[0] |= {"p": "<0.01", "exception": "The paper tested logarithms."}
    repository.save()

    assert run("--root", repository.root, "--exceptions") == 0
    assert capsys.readouterr().out == (
        f"{STUDIES}:2: doe2001-days: p <0.01, but means and spreads give 0.0294 to 0.0383: "
        "The paper tested logarithms.\n"
    )


def test_two_rows_of_one_id_are_a_fault(repository):
    """The second of the two is named."""
    repository.studies.append(repository.studies[0])
    repository.save()

    assert said(repository) == [
        f"{STUDIES}:3: study doe2001-days stands twice (first at line 2); "
        "give each result its own id."
    ]


def test_a_row_used_in_a_chapter_that_draws_nothing_is_a_fault(repository):
    """A chapter that is written must hold a studies table when a row says so."""
    repository.write("book/chapters/05-wounds.md", "# Wounds\n\n{cite:t}`healing1990book`\n")

    assert any("is said to be used in table 05-wounds" in line for line in said(repository))


def set_resource(**parts):
    """Return a change to the only table of the package."""

    def change(repository):
        repository.package["resources"][0] |= parts

    return change


def set_field(**parts):
    """Return a change to the second field of the table."""

    def change(repository):
        repository.package["resources"][0]["schema"]["fields"][1] |= parts

    return change


PACKAGE_RULES = [
    (set_resource(licenses=[{"name": "CC-BY-NC-4.0"}]), "licence 'CC-BY-NC-4.0' is not free"),
    (set_resource(licenses=[]), "no licenses"),
    (set_resource(name="delays"), "the name does not begin with its chapter's word"),
    (set_resource(path="delays.csv"), "path 'delays.csv'"),
    (set_resource(sources=[{"title": "Doe 2001"}]), "source 'Doe 2001' is no bibliography key"),
    (set_resource(used_in="the book"), "used_in 'the book'"),
    (set_field(unit=""), "field 'days' has no unit"),
    (set_field(type="float"), "field 'days' has type 'float'"),
    (set_field(title=""), "field 'days' has no title"),
]


@pytest.mark.parametrize(("change", "expected"), PACKAGE_RULES)
def test_rules_of_the_data_package(repository, change, expected):
    """Each broken rule is said with the line of the table's name."""
    change(repository)
    repository.save()

    assert any(re.match(rf"{PACKAGE}:\d+: \S+: {expected}", line) for line in said(repository))


TABLE_RULES = [
    ("48.7", "long", ":2: days 'long' is no number"),
    ("true", "yes", ":2: human 'yes' is no boolean"),
    (",13", ",13.0", ":2: n '13.0' is no integer"),
    ("days,", "time,", ":1: columns reference, time, human, n where datapackage.json has"),
    ("muller2010null", "muller2011null", ":3: unknown key muller2011null"),
]


@pytest.mark.parametrize(("old", "new", "expected"), TABLE_RULES)
def test_rules_of_the_tables(repository, old, new, expected):
    """Each broken rule is said with the line of the cell."""
    repository.change(DATA / "tables/wounds-delays.csv", old, new)

    assert any(line.startswith(TABLE + expected) for line in said(repository))


def test_a_table_that_nobody_describes_is_a_fault(repository):
    """Every file in the folder has its entry."""
    repository.write(DATA / "tables/wounds-stray.csv", "a\n1\n")

    assert "wounds-stray.csv: the table is not described" in said(repository)[0]


def test_broken_json_is_named_with_its_line(repository):
    """A comma too many breaks JSON; the line is where it stands."""
    repository.change(DATA / "datapackage.json", '"hardwired",', '"hardwired",,')

    assert re.match(rf"{PACKAGE}:3: broken JSON", said(repository)[0])


def test_a_citation_of_an_unknown_work_in_the_book_is_a_fault(repository):
    """With the page, the line and the key, also inside a list of keys."""
    repository.write(
        "book/chapters/01-hardwired.md", "# A\n\nSo {cite:p}`doe2001carers,poe1999x`.\n"
    )

    assert said(repository) == [
        "book/chapters/01-hardwired.md:3: unknown key poe1999x; "
        "correct the key, or add the entry to references.bib."
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/hardwired/models/wounds.py", 'x = Parameter("v", source="poe1999x")\n'),
        ("src/hardwired/figures/data/pathways/a.yml", "evidence: [doe2001carers, poe1999x]\n"),
        ("exercises/05-wounds/quiz.yml", "- source: poe1999x\n"),
    ],
)
def test_an_unknown_key_of_models_figures_and_exercises_is_a_fault(repository, name, text):
    """Keys after `source=`, `reference=`, `evidence:` count as citations."""
    repository.write(name, text)

    assert said(repository) == [
        f"{name}:1: unknown key poe1999x; correct the key, or add the entry to references.bib."
    ]


def test_an_unused_work_is_a_fault_once_all_chapters_are_written(repository):
    """Until then it may wait for its chapter."""
    chapters = ["01-hardwired", "02-sickness", "03-skin", "04-relaxation"]
    chapters += ["05-wounds", "06-appetite", "07-hiv", "08-balance"]
    for name in chapters:
        repository.write(f"book/chapters/{name}.md", "# A\n\n```{studies}\n```\n")

    assert said(repository) == [
        "references.bib:17: healing1990book is used nowhere; cite it, or remove it."
    ]

    (repository.root / "book/chapters/08-balance.md").unlink()
    assert said(repository) == []


def test_an_unknown_claim_in_the_book_is_a_fault(repository):
    """With the page and the line of the directive."""
    repository.write("book/chapters/01-hardwired.md", "# A\n\n:::{claim} C23\n:::\n")

    assert said(repository) == [
        "book/chapters/01-hardwired.md:3: unknown claim 'C23'; write C1 to C22."
    ]


def retract(repository):
    """Mark the second work as retracted, in both files."""
    repository.change(
        "references.bib", "{10.1000/null.2},", "{10.1000/null.2},\n  note = {Retracted: 2012},"
    )
    repository.change(
        DATA / "provenance.csv",
        '"none found: PubMed, 2026-11-24"',
        '"retracted: data, PubMed, 2026-11-24"',
    )
    for entry in repository.claims:
        entry["parts"][0]["references"][1]["why"] = (
            "It took no longer, but the paper was retracted."
        )
    repository.save()


def test_a_retracted_work_is_used_only_where_this_is_said(repository):
    """In the book the paragraph says it; in claims the sentence; in studies the row."""
    retract(repository)
    page = "# A\n\nA study that was retracted {cite:p}`muller2010null`.\n"
    repository.write("book/chapters/01-hardwired.md", page)
    assert said(repository) == []

    repository.write("book/chapters/01-hardwired.md", "# A\n\nA study {cite:p}`muller2010null`.\n")
    assert said(repository) == [
        "book/chapters/01-hardwired.md:3: muller2010null is retracted and the paragraph does not "
        "say so; say so, or cite another work."
    ]


def test_a_retraction_in_the_provenance_must_be_said_in_the_bibliography(repository):
    """The note begins with `Retracted:`."""
    repository.change(
        DATA / "provenance.csv",
        '"none found: PubMed, 2026-11-24"',
        '"retracted: data, PubMed, 2026-11-24"',
    )

    assert said(repository) == [
        "references.bib:9: muller2010null is retracted and does not say so; "
        "add note = {Retracted: ...}."
    ]


@pytest.mark.parametrize(
    ("title", "record", "agree"),
    [
        ("Stress and {DNA} repair", "STRESS AND DNA REPAIR. - PubMed", True),
        ("Tumour necrosis factor-$\\alpha$", "Tumour necrosis factor-α", True),
        ('Das {\\"A}rzteblatt und die Wunde', "Das Ärzteblatt und die Wunde", True),
        ("Wound healing in mice and in people", "Wound healing in mice and ...", True),
        ("Wound healing in mice", "Wound healing in men", False),
        ("Stress", "Wounds", False),
        ("Stress", "", False),
    ],
)
def test_titles_are_compared_without_dress(title, record, agree):
    """LaTeX, case, accents, site names and cut ends do not matter; words do."""
    assert titles_agree(title, record) is agree
