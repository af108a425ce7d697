"""The tables of a gradebook, and the steps that lead from each version of them to the next."""

from __future__ import annotations

__all__ = ["APPLICATION", "SCHEMA", "STEPS", "VERSION"]

VERSION = 4
APPLICATION = 0x48577264  # "HWrd"
SCHEMA = """
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, exercise TEXT NOT NULL, student TEXT NOT NULL, name TEXT NOT NULL,
  file TEXT NOT NULL, file_digest TEXT NOT NULL, handed_in TEXT, late INTEGER NOT NULL,
  run_key TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, audit TEXT NOT NULL,
  counts INTEGER NOT NULL, written REAL NOT NULL);
CREATE INDEX attempt_of ON attempt (exercise, student);
CREATE TABLE mark (
  attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE, question TEXT NOT NULL,
  answer TEXT NOT NULL, points REAL NOT NULL, most REAL NOT NULL, rule TEXT, reason TEXT NOT NULL,
  given TEXT NOT NULL, PRIMARY KEY (attempt, answer));
CREATE TABLE prose (
  attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE, question TEXT NOT NULL,
  answer TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (attempt, answer));
CREATE TABLE figure (
  attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE, question TEXT NOT NULL,
  answer TEXT NOT NULL, png BLOB NOT NULL, PRIMARY KEY (attempt, answer));
CREATE TABLE manual (
  exercise TEXT NOT NULL, student TEXT NOT NULL, answer TEXT NOT NULL, criterion INTEGER NOT NULL,
  marker TEXT NOT NULL, points REAL NOT NULL, comment TEXT NOT NULL, file_digest TEXT NOT NULL,
  written REAL NOT NULL, PRIMARY KEY (exercise, student, answer, criterion, marker));
CREATE TABLE reference (key TEXT PRIMARY KEY, exercise TEXT NOT NULL, value TEXT NOT NULL);
"""
COPIES = """
CREATE TABLE copy (
  exercise TEXT NOT NULL, student TEXT NOT NULL, file TEXT NOT NULL, file_digest TEXT NOT NULL,
  handed_in TEXT, late INTEGER NOT NULL, counts INTEGER NOT NULL,
  PRIMARY KEY (exercise, student, file, file_digest));
"""
# What people enter is only ever added to: an act that is taken back is undone by another act.
ENTRIES = """
CREATE TABLE act (
  id INTEGER PRIMARY KEY AUTOINCREMENT, exercise TEXT NOT NULL, kind TEXT NOT NULL,
  who TEXT NOT NULL, why TEXT NOT NULL, undoes INTEGER REFERENCES act (id), written REAL NOT NULL);
CREATE TABLE entry (
  act INTEGER NOT NULL REFERENCES act (id), student TEXT NOT NULL, answer TEXT NOT NULL,
  criterion INTEGER, points REAL, text TEXT NOT NULL, file_digest TEXT NOT NULL);
CREATE INDEX entry_of ON entry (act);
INSERT INTO act (exercise, kind, who, why, written)
  SELECT exercise, 'criteria', marker, 'read from a sheet by an earlier version', min(written)
  FROM manual GROUP BY exercise, marker ORDER BY min(written);
INSERT INTO entry
  SELECT act.id, m.student, m.answer, m.criterion, m.points, m.comment, m.file_digest
  FROM manual AS m JOIN act ON act.exercise = m.exercise AND act.who = m.marker;
DROP TABLE manual;
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sheet (file TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (file, digest));
"""
PAPERS = """
CREATE TABLE paper (
  number INTEGER PRIMARY KEY, exercise TEXT NOT NULL, student TEXT NOT NULL,
  UNIQUE (exercise, student));
"""
# version from which -> what leads to the next one
STEPS = {0: SCHEMA, 1: COPIES, 2: ENTRIES, 3: PAPERS}
