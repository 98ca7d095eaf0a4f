"""JSON on the command line: read from ``--input``, printed as a result."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

import click

import asltool
from asltool.cli.streams import standard_input
from asltool.errors import OptionError
from asltool.expr.encodings import bytes_of, text_in
from asltool.expr.values import loads
from asltool.syntax.sources.chosen import split

__all__ = [
    "DEFINITION",
    "DEFINITION_FILE",
    "check_one_standard_input",
    "input_option",
    "load_machine",
    "pretty",
    "read_file",
    "read_input",
    "read_standard_input",
]

input_option = click.option(
    "--input",
    "input_text",
    metavar="JSON|@FILE|-",
    default="{}",
    show_default=True,
    help="The input: JSON, @ and the name of a JSON file, or - for standard input.",
)


class _DefinitionFile(click.Path):
    """A file, or a state machine in it: ``template.yaml#Orders``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        file, name = split(str(value))
        found = super().convert(file, param, ctx)
        return found if name is None else self.coerce_path_result(f"{file}#{name}")


DEFINITION = _DefinitionFile(exists=True, dir_okay=False, allow_dash=True)
"""A definition to read: a file, FILE#Name, or - for standard input."""

DEFINITION_FILE = _DefinitionFile(exists=True, dir_okay=False, path_type=Path)
"""The same without standard input, as a path."""


def load_machine(path: str) -> asltool.Machine:
    """Load the state machine in a file, or on standard input.

    Raises:
        DefinitionError: it has errors.
        OptionError: standard input is not text.
        OSError: the file cannot be read.
    """
    return asltool.loads(read_standard_input(), "<stdin>") if path == "-" else asltool.load(path)


def check_one_standard_input(definition: str, *texts: str | None) -> None:
    """Refuse to read standard input twice.

    Raises:
        click.UsageError: both the definition and another option are ``-``.
    """
    if [definition, *texts].count("-") > 1:
        raise click.UsageError("standard input can be read only once: use - for FILE or for one option")


def read_file(path: str | PathLike[str]) -> str:
    """Return the text of a file with data: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        OptionError: it is neither.
        OSError: the file cannot be read.
    """
    try:
        return text_in(bytes_of(path), str(path))
    except ValueError as problem:
        raise OptionError(str(problem)) from None


def read_standard_input() -> str:
    """Read standard input, as `read_file` reads a file."""
    try:
        return standard_input()
    except ValueError as problem:
        raise OptionError(str(problem)) from None


def read_input(text: str, option: str = "--input") -> Any:
    """Return an option's JSON value, given as JSON, as ``@file``, or as ``-`` for standard input.

    Raises:
        OptionError: it is not JSON, or not text.
        OSError: the file cannot be read.
    """
    if text == "-":
        text, source = read_standard_input(), "standard input"
    elif text.startswith("@"):
        text, source = read_file(text[1:]), text[1:]
    else:
        source = option
    try:
        return loads(text)
    except ValueError as problem:
        raise OptionError(f"{source} is not JSON: {problem}") from problem


def pretty(value: Any) -> str:
    """Return indented JSON with a final newline."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
