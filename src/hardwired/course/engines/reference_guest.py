"""The author's own code in a sandbox of its own: data drawn, answers, wrong answers, mutants.

No student's process calls anything here.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from hardwired.course.codec import decode, encode

__all__ = ["solve"]


def solve(job: dict[str, Any], seed: dict[str, Any], soft: bool, guest: Any) -> dict[str, Any]:
    """Draw the data of a seed and solve the exercise with them.

    Parameters
    ----------
    job : dict
        The reference job (`hardwired.course.reference.reference_job`).
    seed : dict
        Seeds of the data and of the hidden inputs, as texts.
    soft : bool
        Whether soft limits hold.
    guest : object
        The guest's ``claim``, ``fresh_names``, ``guarded`` and ``tried``: it hands itself over, so
        that the two files are no circle.

    Returns
    -------
    dict
        Encoded data, answers, inputs, wrong answers, what mutants give, and problems in words.
    """
    names = guest.fresh_names()
    problems: list[str] = []

    def run(source: str, what: str) -> None:
        try:
            exec(compile(source, what, "exec"), names)
        except BaseException as problem:
            problems.append(f"{what}: {type(problem).__name__}: {problem}"[:300])

    for source in job["setup"]:
        run(source, "setup cell")
    data: Any = {"t": "dict", "v": []}
    if job.get("draw"):
        run(job["draw"], "draw cell")
        try:
            data = encode(names["draw"](np.random.default_rng(int(seed["draw"]))))
        except BaseException as problem:
            problems.append(f"draw: {type(problem).__name__}: {problem}"[:300])
    names["data"] = decode(data)
    if job.get("only_data"):
        return {"data": data, "problems": problems}
    for cell in job["cells"]:
        run(cell["source"], str(cell["what"]))
    answers: dict[str, Any] = {}
    inputs: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    mutants: dict[str, Any] = {}
    names["rng"] = np.random.default_rng(int(seed["inputs"]))
    for ask in job["answers"]:
        name = ask["name"]
        if ask["kind"] != "function":
            answers[name] = guest.guarded(
                60, soft, functools.partial(guest.claim, ask, names, encode)
            )
            continue
        try:
            inputs[name] = [encode(list(arguments)) for arguments in eval(ask["inputs"], names)]
        except BaseException as problem:
            problems.append(f"inputs of {name}: {type(problem).__name__}: {problem}"[:300])
            continue
        answers[name] = guest.tried(names.get(name), inputs[name], encode, decode)
        mutants[name] = [
            _mutant(guest.tried, source, name, dict(names), inputs[name], encode, decode)
            for source in ask.get("mutants", ())
        ]
    for item in job["wrong"]:
        try:
            value = eval(item["expression"], dict(names))
            of = item.get("function")
            wrong[item["id"]] = (
                guest.tried(value, inputs[of], encode, decode) if of else encode(value)
            )
        except BaseException as problem:
            problems.append(f"{item['id']}: {type(problem).__name__}: {problem}"[:300])
    return {
        "data": data,
        "answers": answers,
        "inputs": inputs,
        "wrong": wrong,
        "mutants": mutants,
        "problems": problems,
    }


def _mutant(
    tried: Any, source: str, name: str, names: dict[str, Any], inputs: Any, encode: Any, decode: Any
) -> Any:
    try:
        exec(compile(source, "mutant", "exec"), names)
    except BaseException as problem:
        return {"t": "refused", "v": f"{type(problem).__name__}: {problem}"[:200]}
    return tried(names.get(name), inputs, encode, decode)
