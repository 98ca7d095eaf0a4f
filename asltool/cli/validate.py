"""``asltool validate``: check definitions and print what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from asltool.errors import DefinitionError
from asltool.rules import validate as check
from asltool.syntax.diagnostics import Diagnostic, excerpt
from asltool.syntax.document import Document
from asltool.syntax.reader import read

__all__ = ["validate"]

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.pass_context
def validate(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Check the state machines in FILES (JSON; - reads standard input).

    Every problem is printed with its place, its line and what would be right; the name in brackets is the
    rule's. Warnings are about what the service lets pass.

    \b
    Examples:
      asltool validate order.asl.json
      asltool validate samples/*.asl.json
      terraform output -raw definition | asltool validate -

    Exit status: 0 no problem found, 1 problems found, 2 wrong usage or a file that cannot be read.
    """
    documents = [_document(file) for file in files]
    found = [(document, check(document)) for document in documents]
    for document, diagnostics in found:
        for diagnostic in diagnostics:
            _print(_coloured(diagnostic, document.text))
    severities = [diagnostic.severity for _, diagnostics in found for diagnostic in diagnostics]
    _print(_summary(severities, len(documents)))
    ctx.exit(1 if "error" in severities else 0)


def _document(path: str) -> Document:
    try:
        with click.open_file(path, "rb") as file:
            text = file.read().decode("utf-8")
        return read(text, "<stdin>" if path == "-" else path)
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is not UTF-8: byte {error.start} cannot be read") from None
    except (DefinitionError, OSError) as error:
        raise click.UsageError(str(error)) from None


def _coloured(diagnostic: Diagnostic, text: str) -> str:
    """Return a diagnostic as it is printed; `click.echo` takes the colours off where there is no terminal."""
    place, _, rest = str(diagnostic).partition(f": {diagnostic.message}")
    colour = "yellow" if diagnostic.severity == "warning" else "red"
    line, caret = excerpt(text, diagnostic.span).split("\n")
    head = f"{click.style(place, bold=True)}: {diagnostic.message}{click.style(rest, dim=True)}"
    return f"{head}\n{line}\n{click.style(caret, fg=colour)}"


def _summary(severities: Sequence[str], files: int) -> str:
    errors, warnings = severities.count("error"), severities.count("warning")
    counts = [_count(errors, "problem")] if errors or not warnings else []
    counts += [_count(warnings, "warning")] if warnings else []
    return f"{' and '.join(counts)} in {_count(files, 'file')}"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _print(text: str) -> None:
    click.echo(text, color=False if "NO_COLOR" in os.environ else None)
