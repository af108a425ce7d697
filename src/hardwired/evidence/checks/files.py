"""Where the evidence files lie, as messages show them."""

from hardwired.evidence.sources import DATA_IN_REPOSITORY

BIB = "references.bib"
PROVENANCE = (DATA_IN_REPOSITORY / "provenance.csv").as_posix()
CLAIMS = (DATA_IN_REPOSITORY / "claims.yml").as_posix()
STUDIES = (DATA_IN_REPOSITORY / "studies.csv").as_posix()
SEARCHES = (DATA_IN_REPOSITORY / "searches.csv").as_posix()
REVIEWS = (DATA_IN_REPOSITORY / "reviews.csv").as_posix()
PACKAGE = (DATA_IN_REPOSITORY / "datapackage.json").as_posix()
ABSENCES = (DATA_IN_REPOSITORY / "absences.csv").as_posix()
