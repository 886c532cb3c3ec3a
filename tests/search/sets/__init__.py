"""Queries with what they should lead to; how they were made stands in each file and in make.py."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def pairs(name: str) -> list[tuple[str, str]]:
    """What was typed and what was meant, of an error set."""
    return [(typed, meant) for typed, meant in (line.split("\t") for line in lines(f"{name}.tsv"))]


def clean_queries() -> list[str]:
    """Queries with nothing wrong in them."""
    return [line.lower() for line in [*lines("clean.txt"), *lines("right.txt")]]
