"""``exercise.md`` read into frozen values.

Lives here: the format of a source exercise (see ``README.md`` of this room).
Does not live here: whether its numbers are right (``authoring.validate``), what students get
(``authoring.strip``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardwired.course.errors import CourseError

__all__ = ["Answer", "Cell", "Criterion", "Exercise", "Question", "Rule", "find", "read", "reads"]

KINDS = ("number", "array", "table", "choice", "function", "figure", "prose")
MANUAL = ("figure", "prose")
ROLES = ("setup", "draw", "instructor", "identity", "data", "check")
RULES: dict[str, tuple[str, ...]] = {
    "factor": ("factor",),
    "unit": ("unit",),
    "sign": (),
    "reciprocal": (),
    "complement": (),
    "log_base": ("right", "wrong"),
    "se_for_sd": ("n",),
    "sd_for_se": ("n",),
    "one_sided": (),
    "two_sided": (),
    "rounding": ("digits",),
    "swapped": (),
    "share": (),
    "value": ("value",),
    "convention": ("value",),  # as value, but it may agree with the right one
}
OPTIONAL: dict[str, tuple[str, ...]] = {"swapped": ("columns",)}
ANSWER_KEYS = {
    *("name", "kind", "points", "unit", "tolerance", "range", "shape", "columns", "key"),
    *("options", "inputs", "mutants", "rubric", "words", "partial", "note", "whole"),
}
QUESTION_KEYS = {"question", "title", "level", "points", "answers", "note"}


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric: what is looked for, its points, and the names of its levels."""

    criterion: str
    points: float
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A partial credit rule: how the wrong answer comes from the right one, and what it keeps."""

    rule: str
    keep: float = 0.5
    because: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One answer of a question: a variable to be found in the student's notebook, or a text.

    A number is right within ``rel`` or ``abs``, or rounded to ``rounded`` digits (0: never).
    ``whole`` allows the whole number that is printed for it: the ``nearest``, or rounded ``up``.
    """

    name: str
    kind: str
    points: float
    unit: str | None = None
    rel: float = 1e-6
    abs: float = 0.0
    range: tuple[float, float] | None = None
    shape: tuple[int | None, ...] | None = None
    columns: tuple[str, ...] | None = None
    key: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    inputs: str | None = None
    mutants: tuple[str, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    words: tuple[int, int] | None = None
    partial: tuple[Rule, ...] = ()
    rounded: int = 3
    whole: str | None = None

    @property
    def manual(self) -> bool:
        """Whether a person marks it."""
        return self.kind in MANUAL

    def public(self) -> dict[str, Any]:
        """Give what ``check`` may tell: never an expected value, a tolerance or an input."""
        out: dict[str, Any] = {"name": self.name, "kind": self.kind}
        for key in ("unit", "range", "shape", "columns", "options", "words"):
            if value := getattr(self, key):
                out[key] = list(value) if isinstance(value, tuple) else value
        return out


@dataclass(frozen=True)
class Question:
    """A question: its prompt, its points, its answers, and its note, which names objectives."""

    name: str
    title: str
    level: int
    points: float
    answers: tuple[Answer, ...]
    prompt: str
    line: int
    note: str = ""

    @property
    def prose(self) -> bool:
        """Whether it is answered in a text cell."""
        return all(answer.kind == "prose" for answer in self.answers)


@dataclass(frozen=True)
class Cell:
    """One cell of the source: ``kind`` is ``code`` or ``markdown``."""

    kind: str
    source: str
    role: str | None = None
    question: str | None = None
    prompt: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """A whole exercise, as its author wrote it."""

    slug: str
    title: str
    minutes: int
    version: int
    path: Path
    cells: tuple[Cell, ...]
    questions: tuple[Question, ...]
    digest: str

    @property
    def points(self) -> float:
        """Points of all questions."""
        return sum(question.points for question in self.questions)

    @property
    def draw(self) -> str | None:
        """Source of the draw cell, if there is one."""
        return next((cell.source for cell in self.cells if cell.role == "draw"), None)

    def question(self, name: str) -> Question:
        """Return the question of that name."""
        for question in self.questions:
            if question.name == name:
                return question
        raise CourseError(f"{self.path}: there is no question {name}")

    def cell_of(self, name: str) -> Cell:
        """Return the answer cell of the question of that name."""
        return next(cell for cell in self.cells if cell.question == name)


def find(slug: str, root: Path) -> Path:
    """Path of the source of exercise ``slug`` under ``root``, or a one-line error."""
    path = root / slug / "exercise.md"
    if not path.is_file():
        known = ", ".join(sorted(p.parent.name for p in root.glob("*/exercise.md"))) or "none"
        raise CourseError(f"{path}: no such exercise; {root} has: {known}")
    return path


def read(path: str | Path) -> Exercise:
    """Read an exercise; every fault of its form is one sentence with file and line."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read ({error}); give a UTF-8 MyST notebook") from None
    return reads(text, path)


def reads(text: str, path: Path = Path("exercise.md")) -> Exercise:
    """Read an exercise from its text (see `read`)."""
    import jupytext

    try:
        notebook = jupytext.reads(text, fmt="md:myst")
    except Exception as error:
        raise CourseError(f"{path}: is not a MyST notebook ({_short(error)})") from None
    head = notebook.metadata.get("hardwired")
    if not isinstance(head, Mapping) or "slug" not in head:
        raise CourseError(f"{path}:1: the head has no `hardwired: {{slug: ...}}`; see section 1")
    extra = head.get("questions") or {}
    reader = _Reader(path, text, extra)
    cells = tuple(reader.cell(cell) for cell in notebook.cells if cell.cell_type != "raw")
    unused = set(extra) - {question.name for question in reader.questions}
    if unused:
        reader.fail(f"head names question {sorted(unused)[0]}, which has no answer cell", 1)
    if sum(cell.role == "draw" for cell in cells) > 1:
        reader.fail("there are two draw cells; keep one", 1)
    return Exercise(
        slug=str(head["slug"]),
        title=str(head.get("title", head["slug"])),
        minutes=int(head.get("minutes", 60)),
        version=int(head.get("version", 1)),
        path=path,
        cells=cells,
        questions=tuple(reader.questions),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]


class _Reader:
    """Walks the cells once, keeping the last prompt and the names already taken."""

    def __init__(self, path: Path, text: str, extra: Mapping[str, Any]) -> None:
        self.path, self.text, self.extra = path, text, extra
        self.questions: list[Question] = []
        self.names: set[str] = set()
        self.prompts: dict[str, str] = {}

    def fail(self, message: str, line: int) -> None:
        raise CourseError(f"{self.path}:{line}: {message}")

    def line_of(self, name: str) -> int:
        hit = re.search(rf"question[\"']?\s*:\s*[\"']?{re.escape(name)}\b", self.text)
        return self.text.count("\n", 0, hit.start()) + 1 if hit else 1

    def cell(self, cell: Any) -> Cell:
        meta = cell.metadata.get("hardwired") or {}
        kind = "code" if cell.cell_type == "code" else "markdown"
        role, prompt, name = meta.get("role"), meta.get("prompt"), meta.get("question")
        if role is not None and role not in ROLES[:3]:
            self.fail(
                f"role {role!r} is not one of {', '.join(ROLES[:3])}", self.line_of(str(name))
            )
        if prompt is not None:
            self.prompts[str(prompt)] = cell.source
        if name is not None:
            self.questions.append(self.question(str(name), meta, kind))
        tags = tuple(cell.metadata.get("tags", ()))
        return Cell(kind, cell.source, role, str(name) if name else None, prompt, tags)

    def question(self, name: str, meta: Mapping[str, Any], kind: str) -> Question:
        line = self.line_of(name)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            self.fail(f"question name {name!r} must be letters and digits", line)
        if any(question.name == name for question in self.questions):
            self.fail(f"question {name} stands twice; rename one", line)
        merged = {**self.extra.get(name, {}), **meta}
        if unknown := set(merged) - QUESTION_KEYS:
            self.fail(f"{name}: unknown key {sorted(unknown)[0]!r}; see section 3", line)
        if name not in self.prompts:
            self.fail(
                f'{name}: no prompt before it; write +++ {{"hardwired": {{"prompt": "{name}"}}}}',
                line,
            )
        for key in ("points", "answers"):
            if not merged.get(key):
                self.fail(f"{name}: has no {key}", line)
        points = self.number(merged["points"], f"{name}: points", line)
        answers = self.answers(name, merged["answers"], points, line)
        question = Question(
            name=name,
            title=str(merged.get("title", name)),
            level=int(merged.get("level", 1)),
            points=points,
            answers=answers,
            prompt=self.prompts[name],
            line=line,
            note=str(merged.get("note", "")),
        )
        if question.prose != (kind == "markdown"):
            self.fail(f"{name}: prose stands in a text cell, everything else in a code cell", line)
        return question

    def number(self, value: Any, what: str, line: int) -> float:
        try:
            return float(value)
        except (TypeError, ValueError):
            self.fail(f"{what} {value!r} is not a number", line)
            raise

    def answers(self, name: str, raw: Any, points: float, line: int) -> tuple[Answer, ...]:
        if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
            self.fail(f"{name}: answers must be a list of mappings", line)
        given = sum(self.number(a["points"], f"{name}: points", line) for a in raw if "points" in a)
        free = [a for a in raw if "points" not in a]
        if (not free and abs(given - points) > 1e-9) or (free and given >= points):
            self.fail(f"{name}: points of the answers do not add up to {points:g}", line)
        share = (points - given) / len(free) if free else 0.0
        return tuple(self.answer(name, a, float(a.get("points", share)), line) for a in raw)

    def answer(self, question: str, raw: Mapping[str, Any], points: float, line: int) -> Answer:
        where = f"{question}: answer {raw.get('name', '?')}"
        if unknown := set(raw) - ANSWER_KEYS:
            self.fail(f"{where}: unknown key {sorted(unknown)[0]!r}; see section 3", line)
        name, kind = str(raw.get("name", "")), raw.get("kind")
        if not name.isidentifier():
            self.fail(f"{where}: the name must be a Python name", line)
        if name in self.names:
            self.fail(f"{where}: the name is taken by another answer", line)
        self.names.add(name)
        if kind not in KINDS:
            self.fail(f"{where}: kind {kind!r} is not one of {', '.join(KINDS)}", line)
        tolerance = raw.get("tolerance") or {}
        rubric = tuple(
            Criterion(str(c["criterion"]), float(c["points"]), tuple(map(str, c.get("levels", ()))))
            for c in raw.get("rubric", ())
        )
        if kind in MANUAL and abs(sum(c.points for c in rubric) - points) > 1e-9:
            self.fail(f"{where}: its rubric must add up to {points:g} points", line)
        if kind == "choice" and len(raw.get("options", ())) < 2:
            self.fail(f"{where}: a choice needs at least two options", line)
        if kind == "function" and not (raw.get("inputs") and raw.get("mutants")):
            self.fail(f"{where}: a function needs hidden inputs and at least one mutant", line)
        if raw.get("whole") not in (None, "nearest", "up"):
            self.fail(f"{where}: whole must be nearest or up", line)
        bounds = raw.get("range")
        if bounds is not None and len(bounds) != 2:
            self.fail(f"{where}: range must be [lowest, highest]", line)
        return Answer(
            name=name,
            kind=str(kind),
            points=points,
            unit=raw.get("unit"),
            rel=self.number(tolerance.get("rel", 0.0 if "abs" in tolerance else 1e-6), where, line),
            abs=self.number(tolerance.get("abs", 0.0), where, line),
            range=None if bounds is None else (float(bounds[0]), float(bounds[1])),
            shape=None if raw.get("shape") is None else tuple(raw["shape"]),
            columns=None if raw.get("columns") is None else tuple(map(str, raw["columns"])),
            key=_strings(raw.get("key")),
            options=_strings(raw.get("options")),
            inputs=raw.get("inputs"),
            mutants=_strings(raw.get("mutants")),
            rubric=rubric,
            words=None
            if raw.get("words") is None
            else (int(raw["words"][0]), int(raw["words"][1])),
            partial=tuple(self.rule(where, rule, line) for rule in raw.get("partial", ())),
            rounded=int(self.number(tolerance.get("rounded", 3), where, line)),
            whole=raw.get("whole"),
        )

    def rule(self, where: str, raw: Mapping[str, Any], line: int) -> Rule:
        name = str(raw.get("rule"))
        if name not in RULES:
            self.fail(f"{where}: partial rule {name!r} is not one of {', '.join(RULES)}", line)
        rest = {k: v for k, v in raw.items() if k not in ("rule", "keep", "because")}
        allowed = {*RULES[name], *OPTIONAL.get(name, ())}
        for key in RULES[name]:
            if key not in rest:
                self.fail(f"{where}: partial rule {name} has no {key!r}", line)
        if unknown := set(rest) - allowed:
            self.fail(
                f"{where}: partial rule {name} has an unknown key {sorted(unknown)[0]!r}", line
            )
        keep = self.number(raw.get("keep", 1.0 if name == "share" else 0.5), where, line)
        if not 0 < keep <= 1:
            self.fail(f"{where}: keep must lie above 0 and at most at 1", line)
        return Rule(name, keep, raw.get("because"), rest)


def _strings(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (str(value),) if isinstance(value, str) else tuple(map(str, value))
