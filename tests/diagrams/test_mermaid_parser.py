"""What Mermaid's own parser says of our charts.

It is a package of npm: ``npm install --prefix FOLDER mermaid jsdom`` with ``ASLTOOL_NPM=FOLDER`` runs this.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from asltool.diagrams import draw
from tests.diagrams.cases import SHARED, machine, model, run

FOLDER = os.environ.get("ASLTOOL_NPM")

SCRIPT = """
import { JSDOM } from "jsdom";
import { readFileSync } from "node:fs";
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
const refused = {};
for (const [name, chart] of Object.entries(JSON.parse(readFileSync(0)))) {
  await mermaid.parse(chart).catch((problem) => (refused[name] = String(problem)));
}
console.log(JSON.stringify(refused));
"""

pytestmark = pytest.mark.skipif(
    FOLDER is None or shutil.which("node") is None,
    reason="node, or ASLTOOL_NPM with mermaid and jsdom, is not here",
)


def charts() -> dict[str, str]:
    found = {name: draw(machine(name), "mmd").decode() for name in ("every_type", "names", "order", "orders")}
    found["a run"] = draw(machine("order"), "mmd", run("order")).decode()
    path = SHARED / "validation" / "real-world.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        item = json.loads(line)
        if item["label"] == "real-world" and item["definition"] is not None:
            found[item["id"]] = draw(model(item["definition"]), "mmd").decode()
    return found


@pytest.mark.slow
def test_mermaid_accepts_every_chart() -> None:
    assert FOLDER is not None
    script = Path(FOLDER) / "asltool_parse.mjs"
    script.write_text(SCRIPT, encoding="utf-8")
    wrong = {"no chart": "flowchart TD\n  a -->"}
    done = subprocess.run(
        ["node", script],
        input=json.dumps(charts() | wrong),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert list(json.loads(done.stdout)) == ["no chart"]
