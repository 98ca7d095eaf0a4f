"""``python -m tests.conformance CORPUS_DIR``: run recorded cases and print how far asltool agrees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from asltool.cli.progress import ProgressBar
from tests.conformance.cases import KINDS, Skipped, observe, read_cases
from tests.conformance.over_http import over_http
from tests.conformance.report import LEVELS, Report, differences, load_referee


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice(KINDS), multiple=True, default=KINDS, help="Only cases of this kind."
)
@click.option(
    "--without", multiple=True, metavar="TAG", help="Leave out cases that need this; TAG* for all such."
)
@click.option(
    "--observed", type=click.Path(path_type=Path), help="Write what happened here, a JSON object a case."
)
@click.option("--progress", is_flag=True, help="Show each run on standard error as asltool run does.")
@click.option("--aio", "driver", flag_value="aio", help="Run the cases by the asyncio driver.")
@click.option(
    "--server", "driver", flag_value="server", help="Run them through boto3, on a server over HTTP."
)
@click.option(
    "--every", type=click.IntRange(min=1), default=1, metavar="N", help="Only the first of N cases each."
)
@click.option("--failures", is_flag=True, help="Show what differs.")
def main(
    corpus: Path,
    kind: Sequence[str],
    without: Sequence[str],
    observed: Path | None,
    progress: bool,
    driver: str | None,
    every: int,
    failures: bool,
) -> None:
    """Run the cases in CORPUS and print agreement by family: status; output, error, cause; events; ids."""
    referee, report = load_referee(corpus), Report()
    seen: list[dict[str, Any]] = []
    shown = ProgressBar(lambda: 0.0, terminal=True) if progress else None
    wanted = [case for case in read_cases(corpus) if case["kind"] in kind and not _left_out(case, without)]
    with over_http() if driver == "server" else nullcontext() as served:
        for case in wanted[::every]:
            try:
                seen.append(
                    served.observe(case) if served else observe(case, progress=shown, aio=driver == "aio")
                )
            except Skipped as skipped:
                report.skipped[str(skipped)] += 1
                continue
            except Exception as bug:
                report.crash(case, bug)
                continue
            found = differences(case, seen[-1], referee)
            report.add(case["family"], found)
            if failures and any(found.values()):
                _show(case, found)
    click.echo("\n".join(report.lines()))
    if observed is not None:
        observed.write_text("".join(json.dumps(one, default=str) + "\n" for one in seen), encoding="utf-8")


def _left_out(case: dict[str, Any], tags: Sequence[str]) -> bool:
    return any(fnmatchcase(need, tag) for need in case["needs"] for tag in tags)


def _show(case: dict[str, Any], found: dict[str, list[str]]) -> None:
    level = next(level for level in LEVELS if found[level])
    click.echo(f"{case['id']}\n  {level}: " + "\n    ".join(text[:600] for text in found[level][:3]))


if __name__ == "__main__":
    main()
