"""Which function writes which node as Typst: text, blocks, tables, cells, and nodes of our own."""

from hardwired.press.handlers import blocks, cells, inline, ledger, own_nodes, tables

__all__ = ["blocks", "cells", "inline", "ledger", "own_nodes", "tables"]
