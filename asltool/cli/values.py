"""JSON on the command line: read from ``--input``, printed as a result."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from asltool.errors import InputError
from asltool.expr.values import loads

__all__ = ["input_option", "pretty", "read_input"]

input_option = click.option(
    "--input",
    "input_text",
    metavar="JSON|@FILE|-",
    default="{}",
    show_default=True,
    help="The input: JSON, @ and the file it stands in, or - for standard input.",
)


def read_input(text: str, option: str = "--input") -> Any:
    """Read what an option says: the JSON itself, ``@file``, or ``-`` for standard input.

    Raises:
        InputError: it is not JSON.
        OSError: the file cannot be read.
    """
    if text == "-":
        text, source = sys.stdin.read(), "standard input"
    elif text.startswith("@"):
        text, source = Path(text[1:]).read_text(encoding="utf-8"), text[1:]
    else:
        source = option
    try:
        return loads(text)
    except ValueError as problem:
        raise InputError(f"{source} is not JSON: {problem}") from problem


def pretty(value: Any) -> str:
    """Return JSON for people, with a newline at its end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
