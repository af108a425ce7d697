"""A quiz with an item of every kind."""

from __future__ import annotations

__all__ = ["QUIZ"]

QUIZ = r"""
chapter: 05-wounds
items:
  - id: q1
    objective: o1
    question: Is *A* = {B}, or $\sqrt{13} < 4$?
    options:
      - {text: "The first: 10 % = all", right: true, why: "Because ~ it is # so."}
      - {text: The second, why: "No: \\alpha is no text."}
      - {text: The third, why: No & never.}
      - {text: The `fourth`, why: No.}
  - id: q2
    objective: o2
    kind: numeric
    question: How long?
    answer: 8.29
    tolerance: 0.1
    unit: days
    why: The root of $n$, or $\ln x$.
  - id: q3
    objective: o3
    kind: ordering
    question: In which order?
    options: [Mend, Bleed, Clot]
    why: A wound goes its way.
  - id: q4
    objective: o4
    kind: multiple
    question: Which two?
    options:
      - {text: One, right: true, why: It is.}
      - {text: Two, right: true, why: It is too.}
      - {text: Three, why: It is not.}
    why: Two of three.
"""
