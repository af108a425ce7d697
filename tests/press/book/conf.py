"""A small book with every element: the builder's test book and its visual test."""

project = "Kitchen sink"
author = "The Hardwired authors"
release = "0.1.0"
root_doc = "index"
extensions = ["myst_nb", "sphinxcontrib.bibtex", "sphinx_design", "hardwired.press"]
bibtex_bibfiles = ["sink.bib"]
bibtex_reference_style = "author_year"
exclude_patterns = ["_build"]
language = "en"
myst_enable_extensions = [
    "amsmath",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "smartquotes",
    "tasklist",
]
nb_execution_mode = "cache"
nb_merge_streams = True
numfig = True
numfig_secnum_depth = 1
numfig_format = {"figure": "Figure %s", "table": "Table %s", "code-block": "Listing %s"}
math_numfig = True
math_eqref_format = "Equation {number}"
suppress_warnings = ["bibtex.duplicate_citation"]
