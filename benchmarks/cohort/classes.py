"""A made-up class in the folder of a course: graded as by the grader, without running anything."""

from __future__ import annotations

import hashlib
import json
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Attempt, Copy, Gradebook, MarkRow

__all__ = ["graded", "made", "picture", "said"]

PICTURES = 12  # different ones in a class
TEXT = (
    "the wound heals slower under strain because cortisol lowers the early signal and so fewer"
    " cells arrive while sleep and food also change what the skin can do in a week or two"
)
WORDS = TEXT.split()


def said(number: int, length: int = 180) -> str:
    """Give a text that no other number gives."""
    chance = random.Random(number)
    return " ".join(chance.choice(WORDS) for _ in range(length)).capitalize() + "."


@cache
def picture(number: int, side: int = 480) -> bytes:
    """Give a PNG of one colour with noise in it, as large as a figure."""
    chance = random.Random(number)
    shade = bytes((number * 7 % 200, 120, 200 - number * 5 % 200))
    rows = b"".join(
        b"\0" + b"".join(shade if chance.random() < 0.9 else b"\xff\xff\xff" for _ in range(side))
        for _ in range(side)
    )
    parts = [
        (b"IHDR", struct.pack("!LLBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))
        for kind, body in parts
    )


def _mark(question: str, answer: Answer, chance: random.Random) -> MarkRow:
    """Give a right answer, a named slip, or one of a few wrong ones."""
    lot = chance.random()
    rule = next((r.rule for r in answer.partial), None) if 0.6 < lot < 0.75 else None
    points = answer.points if lot <= 0.6 else answer.points / 2 if rule else 0.0
    value = round(lot * 97, 6) if lot <= 0.6 else chance.choice((12.5, 3.25, 1.0, 88.125))
    reason = "right" if lot <= 0.6 else f"{answer.name} is not right."
    given = json.dumps({"t": "float", "v": value})
    return MarkRow(question, answer.name, points, answer.points, rule, reason, given)


def graded(
    exercise: Exercise,
    number: int,
    text: Callable[[int], str] = said,
    png: Callable[[int], bytes] = picture,
    handed_in: str | None = "2027-03-05T17:30+00:00",
) -> Attempt:
    """Give the graded notebook of student ``number``."""
    chance = random.Random(f"{exercise.slug} {number}")
    answers = [(q, a) for q in exercise.questions for a in q.answers]
    student = f"s{number:03d}"
    return Attempt(
        exercise=exercise.slug,
        student=student,
        name=f"Student Number {number}",
        file=f"{student}/{exercise.slug}.ipynb",
        file_digest=hashlib.sha256(f"{exercise.slug} {student}".encode()).hexdigest(),
        run_key="k",
        status="graded",
        reason="",
        handed_in=handed_in,
        audit={
            "engine": "none",
            "code": {q.name: f"fig = draw({number})" for q, a in answers if a.kind == "figure"},
        },
        marks=tuple(_mark(q.name, a, chance) for q, a in answers if not a.manual),
        prose={(q.name, a.name): text(number) for q, a in answers if a.kind == "prose"},
        figures={(q.name, a.name): png(number) for q, a in answers if a.kind == "figure"},
    )


def made(folder: Path, exercises: Path, students: int, slugs: list[str] | None = None) -> Course:
    """Make a course of so many students, who handed in these exercises (default: all there are)."""
    course = Course(folder, exercises)
    course.make("Psychoneuroimmunology", "Ada Marker", "Europe/London")
    rows = "".join(f"s{n:03d},Student Number {n}\n" for n in range(students))
    course.roster_file.write_text(f"student_id,name\n{rows}", encoding="utf-8")
    course.marks.mkdir()
    with Gradebook(course.book_file) as book:
        for slug in slugs or course.slugs():
            exercise = course.exercise(slug)
            attempts = [
                graded(exercise, n, png=lambda n: picture(n % PICTURES)) for n in range(students)
            ]
            for attempt in attempts:
                book.add(attempt)
            book.count(slug, {a.student: (a.file_digest, a.run_key) for a in attempts})
            book.keep_copies(
                slug,
                [
                    Copy(a.student, a.file, a.file_digest, a.handed_in, False, True)
                    for a in attempts
                ],
            )
    return course
