"""``course.yml``: due dates, extensions, a late rule, weights, dropped questions, feedback."""

from __future__ import annotations

import datetime
import difflib
import math
import re
import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster
from hardwired.course.variants import normalise

__all__ = ["Policy", "plain", "read"]

KEYS = {"exercises", "extensions", "late", "timezone"}
EXERCISE_KEYS = {"due", "weight", "drop", "feedback"}
FEEDBACK_KEYS = {"from", "hold"}
LATE_KEYS = {"per_day", "most", "grace_minutes"}


@dataclass(frozen=True)
class Policy:
    """Rules of a course; without a file nothing is late, dropped, weighted or held back.

    ``opens`` is when students are given feedback, and ``held`` the questions of which they are
    given none.
    """

    due: Mapping[str, datetime.datetime] = field(default_factory=dict)
    weight: Mapping[str, float] = field(default_factory=dict)
    drop: Mapping[str, frozenset[str]] = field(default_factory=dict)
    opens: Mapping[str, datetime.datetime] = field(default_factory=dict)
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    extensions: Mapping[tuple[str, str], datetime.datetime] = field(default_factory=dict)
    per_day: float = 0.0
    most: float = 1.0
    grace_minutes: float = 0.0
    zone: datetime.tzinfo | None = None
    path: Path | None = None

    def check(self, exercise: str, questions: Collection[str]) -> None:
        """Raise `CourseError` if a rule names a question that the exercise does not have."""
        rules = {"drop": self.dropped(exercise), "hold back": self.held_back(exercise)}
        for what, named in rules.items():
            if unknown := sorted(named - set(questions)):
                raise CourseError(
                    f"{self.path}: {exercise} has no question {unknown[0]!r} to {what};"
                    f" it has {', '.join(questions)}"
                )

    def check_slugs(self, known: Collection[str]) -> None:
        """Raise `CourseError` if the file speaks of an exercise that there is not."""
        rules = (self.due, self.weight, self.drop, self.opens, self.held)
        named = {*(slug for rule in rules for slug in rule), *(slug for _, slug in self.extensions)}
        if unknown := sorted(named - set(known)):
            raise CourseError(
                f"{self.path}: there is no exercise {unknown[0]!r};"
                f" known are {', '.join(sorted(known))}"
            )

    def of(self, people: Roster | None) -> Policy:
        """Give the rules with the extensions under the identifiers of a roster.

        Raises
        ------
        CourseError
            If one is for somebody who is not on it.
        """
        if people is None or not self.extensions:
            return self
        found = {}
        for (who, slug), date in self.extensions.items():
            person = people.find(who)
            if person is None:
                twins = " and ".join(s.id for s in people.named(who))
                near = difflib.get_close_matches(who, [s.id for s in people.students], 2)
                said = f"is the name of {twins}" if twins else f"is nobody on {people.path}"
                told = f"; did you mean {' or '.join(near)}?" if near else ""
                raise CourseError(
                    f"{self.path}: extensions: {who!r} {said};"
                    f" write the identifier that the roster has{told}"
                )
            found[normalise(person.id), slug] = date
        return replace(self, extensions=found)

    def dropped(self, exercise: str) -> frozenset[str]:
        """Questions of an exercise that do not count."""
        return self.drop.get(exercise, frozenset())

    def held_back(self, exercise: str) -> frozenset[str]:
        """Questions of an exercise of which students are told nothing yet."""
        return self.held.get(exercise, frozenset())

    def days_late(self, exercise: str, student: str, handed_in: str | None) -> int:
        """Days begun after the due date, the student's extension and the grace.

        A time without a zone, as a zip has it, is one of the course's zone, else of the due date's.
        """
        due = self.extensions.get((normalise(student), exercise)) or self.due.get(exercise)
        if due is None or handed_in is None:
            return 0
        moment = datetime.datetime.fromisoformat(handed_in)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone or due.tzinfo)
        after = moment - due
        after -= datetime.timedelta(minutes=self.grace_minutes)
        return max(0, math.ceil(after / datetime.timedelta(days=1)))

    def kept(self, days_late: int) -> float:
        """Share of the points that is kept after so many days."""
        return 1.0 - min(self.most, self.per_day * days_late)


def plain(text: str) -> Any:
    """Read YAML with its keys as they were typed; `yaml.YAMLError` if it has aliases.

    A few lines of aliases can stand for gigabytes.
    """
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
        raise yaml.YAMLError("aliases (*name) have no place in it; write it out")
    root = yaml.compose(text, yaml.SafeLoader)
    nodes = [root]
    while nodes:  # a key is what was typed: `00004711` is no number, and `no` may be a login
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                nodes.append(value)
                if isinstance(key, yaml.ScalarNode):
                    key.tag = "tag:yaml.org,2002:str"
    return yaml.SafeLoader("").construct_document(root) if root else None


def read(path: Path | None) -> Policy:
    """Read ``course.yml``; an unknown key or a bad date is one line with the file's name."""
    if path is None:
        return Policy()
    try:
        raw = plain(path.read_text(encoding="utf-8")) or {}
    except UnicodeDecodeError:
        raise CourseError(f"{path}: is not in UTF-8; save it in that encoding") from None
    except ValueError as error:  # of a date that no calendar has
        raise CourseError(
            f"{path}: holds a date that there is not ({error}); write 2026-11-27T18:00+01:00"
        ) from None
    except (OSError, yaml.YAMLError) as error:
        raise CourseError(
            f"{path}: cannot be read ({' '.join(str(error).split())[:160]}); mend the YAML"
        ) from None
    exercises, late = _part(path, raw, "exercises"), _part(path, raw, "late")
    _only(path, raw, KEYS, "the file")
    _only(path, late, LATE_KEYS, "late")
    for slug, rules in exercises.items():
        _only(path, _mapping(path, rules, str(slug)), EXERCISE_KEYS, str(slug))
        _only(path, _part(path, rules, "feedback"), FEEDBACK_KEYS, f"{slug}: feedback")
    zone = _zone(path, raw.get("timezone")) if isinstance(raw, Mapping) else None
    extensions = {
        (normalise(str(student)), str(slug)): _date(path, date, zone)
        for student, dates in _part(path, raw, "extensions").items()
        for slug, date in _mapping(path, dates, f"extensions of {student}").items()
    }
    named = {str(slug): rule for slug, rule in exercises.items()}
    told = {slug: rule["feedback"] or {} for slug, rule in named.items() if "feedback" in rule}
    return Policy(
        due={s: _date(path, r["due"], zone) for s, r in named.items() if "due" in r},
        weight={
            s: _number(path, f"{s}: weight", r["weight"]) for s, r in named.items() if "weight" in r
        },
        drop={s: _names(path, f"{s}: drop", r["drop"]) for s, r in named.items() if "drop" in r},
        opens={s: _date(path, r["from"], zone) for s, r in told.items() if "from" in r},
        held={
            s: _names(path, f"{s}: feedback: hold", r["hold"])
            for s, r in told.items()
            if "hold" in r
        },
        extensions=extensions,
        per_day=_number(path, "late: per_day", late.get("per_day", 0.0), 1.0),
        most=_number(path, "late: most", late.get("most", 1.0), 1.0),
        grace_minutes=_number(path, "late: grace_minutes", late.get("grace_minutes", 0.0)),
        zone=zone,
        path=path,
    )


def _zone(path: Path, value: Any) -> datetime.tzinfo | None:
    """Give the time zone of the course, by its name."""
    if value is None:
        return None
    try:
        return zoneinfo.ZoneInfo(str(value))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise CourseError(
            f"{path}: {_short(value)} is no time zone; write its name, as Europe/London"
        ) from None


def _part(path: Path, raw: Any, key: str) -> Mapping[str, Any]:
    value = raw.get(key) if isinstance(raw, Mapping) else raw
    return {} if value is None else _mapping(path, value, key)


def _mapping(path: Path, value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CourseError(f"{path}: {where} must be a mapping; see the instructor's guide")
    return value


def _number(path: Path, where: str, value: Any, most: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        bound = "of 0 or more" if most == math.inf else f"from 0 to {most:g}"
        raise CourseError(f"{path}: {where} is {_short(value)}; give a number {bound}")
    return float(value)


def _names(path: Path, where: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list):
        raise CourseError(
            f"{path}: {where} is {_short(value)}; give a list of questions, as [q2, q5]"
        )
    return frozenset(map(str, value))


def _only(path: Path, part: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(map(str, part)) - known):
        raise CourseError(
            f"{path}: {where} has an unknown key {unknown[0]!r};"
            f" known are {', '.join(sorted(known))}"
        )


def _date(path: Path, value: Any, zone: datetime.tzinfo | None = None) -> datetime.datetime:
    try:
        if isinstance(value, datetime.datetime):
            date = value
        elif isinstance(value, str) and re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", value):
            return _date(path, datetime.date.fromisoformat(value.strip()), zone)  # it was quoted
        elif isinstance(value, datetime.date):
            date = datetime.datetime(value.year, value.month, value.day, 23, 59)
        else:
            date = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        raise CourseError(
            f"{path}: {_short(value)} is not a date; write 2026-11-27T18:00+01:00"
        ) from None
    return date if date.tzinfo else date.replace(tzinfo=zone or datetime.UTC)


def _short(value: Any) -> str:
    """Give a value as it stands, cut."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
