"""Rosters as course systems export them."""

from __future__ import annotations

__all__ = ["CANVAS"]

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77)
    Points Possible,,,,,10
"Adams, Ann",501,u1,ann,S,
"Berg, Bo",502,u2,bo,S,
"""
