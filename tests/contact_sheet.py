"""Draw many definitions side by side, and measure the drawings: ``python -m tests.contact_sheet PATH...``.

Each PATH is a definition or a folder of them (``*.asl.json``, ``*.asl.yaml``). The sheet is a page that
opens from the disk. Each sheet writes its measures beside itself as ``.json``; pass those of an earlier sheet
with ``--before`` to see what a change to the drawings did.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from html import escape
from pathlib import Path
from typing import IO, Any

import click

import asltool
from asltool.diagrams import draw
from tests.diagrams.geometry import Measures, measure

NAMES = [field.name for field in fields(Measures)]

FRAME = """<!doctype html><meta charset="utf-8"><title>Contact sheet</title>
<style>
body {{ font: 14px system-ui, sans-serif; margin: 24px; }}
td, th {{ padding: 2px 12px; text-align: right; }} td:first-child {{ text-align: left; }}
.sheet {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(560px, 1fr)); gap: 24px; }}
figure {{ margin: 0; border: 1px solid #ddd; padding: 12px; overflow: auto; }}
img {{ max-width: 100%; }}
</style>
<table>{table}</table>
<div class="sheet">{figures}</div>
"""


def definitions(paths: tuple[str, ...]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted([*path.glob("*.asl.json"), *path.glob("*.asl.yaml")])
        else:
            yield path


def row(cells: list[str], tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def shown(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """Return the measures of a drawing, each behind what it was before."""
    return [f"{before[name]:.0f} → {now[name]:.0f}" if before else f"{now[name]:.0f}" for name in NAMES]


def total(measures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: sum(each[name] for each in measures.values()) for name in NAMES}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("-o", "--output", default="sheet.html", show_default=True, type=click.Path(dir_okay=False))
@click.option("--before", type=click.File(encoding="utf-8"), help="The measures of an earlier sheet (.json).")
def main(paths: tuple[str, ...], output: str, before: IO[str] | None) -> None:
    """Draw the definitions at PATHS into one page, and print what was measured."""
    earlier: dict[str, Any] = json.load(before) if before else {}
    target = Path(output)
    pictures = target.with_suffix("")
    pictures.mkdir(exist_ok=True)
    measures: dict[str, dict[str, Any]] = {}
    figures = []
    for path in definitions(paths):
        svg = draw(asltool.load(path).model, "svg")
        (pictures / f"{path.stem}.svg").write_bytes(svg)
        measures[path.name] = asdict(measure(svg))
        source = escape(f"{pictures.name}/{path.stem}.svg")
        figures.append(f'<figure><figcaption>{escape(path.name)}</figcaption><img src="{source}"></figure>')
    target.with_suffix(".json").write_text(json.dumps(measures, indent=1), encoding="utf-8")
    rows = {name: shown(each, earlier.get(name)) for name, each in measures.items()}
    rows["total"] = shown(total(measures), total(earlier) if earlier else None)
    table = row(["", *NAMES], "th") + "".join(row([name, *cells]) for name, cells in rows.items())
    target.write_text(FRAME.format(table=table, figures="".join(figures)), encoding="utf-8")
    for name, cells in {"": NAMES, **rows}.items():
        click.echo(f"{name:<32}" + "".join(f"{cell:>14}" for cell in cells))


if __name__ == "__main__":
    main()
