"""A date as Moodle writes it in the reader's language: ``Friday, 5 March 2027, 5:12 PM``."""

from __future__ import annotations

import datetime
import re

__all__ = ["read_date"]

# How the months begin in English, German, French, Spanish, Italian, Dutch, Portuguese and Swedish.
MONTHS = (
    ("ja", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "maa", "mrt", "mrz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei", "maj"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
DAYS = ("mardi", "martes", "martedì", "maandag")  # of the week, which begin like a month
CLOCK = re.compile(r"(\d{1,2})[:.h](\d\d)(?::\d\d)?\s*([ap])?\.?\s?m?", re.IGNORECASE)


def read_date(text: str) -> datetime.datetime | None:
    """Read a date with its hour, without a zone; None if it is none, or could be two."""
    clocks = list(CLOCK.finditer(text))
    if not clocks:
        return None
    clock = clocks[-1]
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3]:
        hour = hour % 12 + 12 * (clock[3].casefold() == "p")
    rest = text[: clock.start()]
    try:
        if iso := re.search(r"(\d{4})-(\d\d)-(\d\d)", rest):
            return datetime.datetime(int(iso[1]), int(iso[2]), int(iso[3]), hour, minute)
        year, day = re.search(r"\b\d{4}\b", rest), re.search(r"\b\d{1,2}\b", rest)
        words = [w for w in re.findall(r"[^\W\d_]{3,}", rest.casefold()) if w not in DAYS]
        months = [n for w in words for n, begins in enumerate(MONTHS, 1) if w.startswith(begins)]
        if year and day and months:
            return datetime.datetime(int(year[0]), months[0], int(day[0]), hour, minute)
    except ValueError:
        return None
    return None
