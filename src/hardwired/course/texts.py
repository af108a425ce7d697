"""The prose of a submission, wherever the student put it between its prompt and the next.

A text belongs into the cell for it. It is also looked for in other text cells, in raw and code
cells, in comments and in texts that code holds; whatever was found elsewhere is given to the
marker with the place where it was. Only if there is nothing anywhere was nothing handed in.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from hardwired.course import loader
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise, Question
from hardwired.course.border.text import prose
from hardwired.course.loader import LoadedCell, LoadedNotebook
from hardwired.course.places import Place, given_out, places_of, squeezed

__all__ = ["Found", "find"]

NEAR = 0.6  # of two lines' words are the same, in order: one is an older wording of the other
OLDER = 200  # lines of a prompt, and words of a line, that are looked at so
SENTENCE = 6  # words that make a comment or a text in code more than a label
ELSEWHERE = 25  # words that make a note in another question's place look like an answer
CODE = re.compile(
    r"""\s*(?:[\w.\[\]"']+(?:\s*,\s*\w+)*\s*[-+*/]?=(?!=)|[\w.]+\(|(?:import|from|def|for|return)\s)"""
)
MAGICS = ("%%markdown", "%%html", "%%latex", "%%writefile", "%%script")


@dataclass
class Found:
    """Texts by (question, answer), and by answer a word on what was found in an unusual place."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


def find(exercise: Exercise, notebook: LoadedNotebook) -> Found:
    """Look for the texts of the prose questions."""
    found = Found()
    where = places_of(exercise, notebook)
    cells = [
        (cell, place)
        for cell, place in zip(notebook.cells, where, strict=True)
        if cell.role != "identity" and not loader.BEGINS.search(cell.source)
    ]
    prose_names = {question.name for question in exercise.questions if question.prose}
    for question in exercise.questions:
        if not question.prose:
            continue
        answer = question.answers[0].name
        parts = list(_between(exercise, question, cells))
        if not parts:
            parts = list(_elsewhere(exercise, answer, cells, prose_names))
        text = "\n\n".join(text for text, _, _ in parts)
        found.texts[question.name, answer] = prose(text.strip())
        odd = list(dict.fromkeys(label for _, label, usual in parts if not usual))
        if odd:
            found.said[answer] = f"its text was found in {', '.join(odd)}"
        pictures = [
            p.label
            for c, p in cells
            if c.image and p.question == question.name and c.kind != "code"
        ]
        if pictures:
            told = f"a picture is attached to {', '.join(pictures)}; look at the file"
            found.said[answer] = "; ".join(filter(None, [found.said.get(answer, ""), told]))
    return found


def _between(
    exercise: Exercise, question: Question, cells: list[tuple[LoadedCell, Place]]
) -> Iterator[tuple[str, str, bool]]:
    """Yield (text, place, whether it is the usual place) of what stands under a prompt."""
    given = given_out(exercise)
    own = any(c.question == question.name and c.kind == "markdown" for c, _ in cells)
    first = True
    for cell, place in cells:
        if place.question != question.name or squeezed(cell.source) in given.cells:
            continue
        if cell.kind == "code":
            text = _in_code(_own(cell), question.answers[0].name)
            if text:
                yield text, place.label, False
            continue
        prompt = given.prompts[question.name]
        mine = _own(cell)
        if cell.prompt == question.name and not cell.lines:
            mine = _unlike(mine, prompt)
        text = _without(mine, prompt).replace(strip.YOURS_TEXT, "").strip()
        if text:
            under = squeezed(cell.source).startswith(squeezed(prompt))
            usual = cell.kind == "markdown" and not under
            yield (
                text,
                place.label,
                usual and (cell.question == question.name or (not own and first)),
            )
            first = False


def _own(cell: LoadedCell) -> str:
    """Take off what was given out in a cell, though the exercise may have been edited since."""
    if not cell.lines:
        return cell.source
    lines = cell.source.splitlines()
    return "\n".join(line for line in lines if strip.short_digest(line) not in cell.lines)


def _unlike(source: str, prompt: str) -> str:
    """Take an older wording of a prompt off its own cell: lines that are nearly the prompt's."""
    words = [line.split() for line in prompt.splitlines() if line.strip()]
    kept = []
    for number, line in enumerate(source.splitlines()):
        mine = line.split()
        if (
            number >= OLDER
            or not 3 <= len(mine) <= OLDER
            or not any(SequenceMatcher(None, mine, theirs).ratio() >= NEAR for theirs in words)
        ):
            kept.append(line)
    return "\n".join(kept)


def _without(source: str, prompt: str) -> str:
    """Take a prompt out of a text under which, or into which, an answer was written."""
    lines = {squeezed(line) for line in prompt.splitlines() if line.strip()}
    kept = [line for line in source.splitlines() if squeezed(line) not in lines]
    return "\n".join(kept)


def _elsewhere(
    exercise: Exercise,
    answer: str,
    cells: list[tuple[LoadedCell, Place]],
    prose_names: set[str],
) -> Iterator[tuple[str, str, bool]]:
    """Yield longer texts of the student's own that stand in no prose question's place."""
    given = given_out(exercise)
    prompts = set(given.prompts.values())
    for cell, place in cells:
        if squeezed(cell.source) in given.cells:
            continue
        if cell.kind == "code":
            text = _text_of_name(cell.source, answer)
            if not text and place.question not in prose_names:
                text = _in_code(_own(cell), answer)
                text = text if len(text.split()) >= ELSEWHERE else ""
        else:
            text = _own(cell)
            for prompt in prompts:
                text = _without(text, prompt)
            text = text.replace(strip.YOURS_TEXT, "").strip()
            elsewhere = place.question not in prose_names
            text = text if elsewhere and len(text.split()) >= ELSEWHERE else ""
        if text:
            yield text, place.label, False


def _text_of_name(source: str, name: str) -> str:
    """Give the text that a cell puts under the answer's name."""
    try:
        tree = ast.parse(loader.plain_python(source))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == name for t in node.targets
        ):
            return "\n".join(_texts(node.value)).strip()
    return ""


def _in_code(source: str, name: str) -> str:
    """Give the sentences in a code cell: all of one that is no Python, else comments and texts."""
    first, _, rest = source.strip().partition("\n")
    if first.startswith(MAGICS):
        return rest.strip()
    try:
        tree = ast.parse(loader.plain_python(source))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        text = source.replace("# YOUR CODE HERE", "").replace("raise NotImplementedError", "")
        return text.strip() if len(text.split()) >= 3 and not _like_code(text) else ""
    named = _text_of_name(source, name)
    if named:
        return named
    texts = [t for t in _texts(tree) if len(t.split()) >= SENTENCE]
    comments = "\n".join(_comments(source)).strip()
    if len(comments.split()) >= SENTENCE:
        texts.insert(0, comments)
    return "\n".join(texts).strip()


def _like_code(text: str) -> bool:
    """Whether most lines look like code with a slip in it, and not like sentences."""
    lines = [line for line in text.splitlines() if line.strip()]
    code = [line for line in lines if CODE.match(line)]
    return 2 * len(code) > len(lines)


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.strip()


def _comments(source: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                text = token.string.lstrip("#").strip()
                if text != "YOUR CODE HERE":
                    yield text
    except (tokenize.TokenError, SyntaxError):
        return
