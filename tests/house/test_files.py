"""Files are whole or not there; archives are the same bytes every time."""

import io
import zipfile

import pytest

from hardwired.house.files import EPOCH, pack, source_date, write_atomic

FILES = {"mimetype": b"application/epub+zip", "run.sh": b"#!/bin/sh\n" * 90, "b.txt": b"b" * 900}


def test_the_same_files_are_the_same_bytes():
    """Nothing of the machine or the hour is in an archive."""
    assert pack(FILES) == pack(dict(FILES))


def test_order_date_rights_and_what_is_not_compressed_are_as_asked():
    """Read back by the standard library."""
    data = pack(FILES, date=EPOCH + 3600, programs=("run.sh",), stored=("mimetype",))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = archive.infolist()
        assert {entry.filename: archive.read(entry) for entry in found} == FILES

    assert [entry.filename for entry in found] == list(FILES)
    assert {entry.date_time for entry in found} == {(2026, 1, 1, 1, 0, 0)}
    assert [entry.external_attr >> 16 for entry in found] == [0o644, 0o755, 0o644]
    assert [entry.compress_type for entry in found] == [0, 8, 8]


def test_a_date_before_the_first_that_a_zip_knows_is_that_first():
    """1 January 1980."""
    with zipfile.ZipFile(io.BytesIO(pack(FILES, date=0))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    """The old file stays, and no draft lies beside it."""
    target = tmp_path / "marks.csv"
    write_atomic(target, b"old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        write_atomic(target, b"new")

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_date_of_a_build_is_given_committed_or_fixed(tmp_path, monkeypatch):
    """Never the clock's: given by the environment, else the commit's, else 1 January 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert source_date(tmp_path) == 86400
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert source_date(tmp_path) == EPOCH
