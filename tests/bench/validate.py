"""``asltool validate`` beside the AWS language service (npm): user time of a process on 100 definitions.

``python -m tests.bench.validate [CORPUS.jsonl]`` takes the definitions from a corpus, one JSON object with a
``definition`` a line, and without one from the samples. It needs node and npm for the peer's figures, and
installs the package into a folder of its own. It also times one small file, and definitions of up to 5,000
states.
"""

from __future__ import annotations

import itertools
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from asltool.rules import validate
from asltool.syntax.reader import read
from tests.bench.machines import chain

RUNS = 5

FILES = 100

SAMPLES = Path(__file__).parent.parent.parent / "samples"

PEER = "amazon-states-language-service@1"

SCRIPT = """
const { getLanguageService, TextDocument } = require('amazon-states-language-service');
const fs = require('fs');
const service = getLanguageService({});
(async () => {
  for (const path of process.argv.slice(2)) {
    const document = TextDocument.create('file://' + path, 'asl', 1, fs.readFileSync(path, 'utf8'));
    await service.doValidation(document, service.parseJSONDocument(document));
  }
})();
"""


def user_time(command: Sequence[str]) -> float:
    """Return the median user time of this command, in seconds."""
    return statistics.median(_once(command)[0] for _ in range(RUNS))


def wall_time(command: Sequence[str]) -> float:
    """Return the median time of this command by the clock, in seconds."""
    return statistics.median(_once(command)[1] for _ in range(RUNS))


def _once(command: Sequence[str]) -> tuple[float, float]:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall = time.perf_counter() - begin
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime, wall


def definitions(corpus: str | None) -> Iterator[Any]:
    """Yield definitions for ever."""
    if corpus is None:
        found = [json.loads(path.read_text("utf-8")) for path in sorted(SAMPLES.rglob("*.asl.json"))]
    else:
        items = map(json.loads, Path(corpus).read_text("utf-8").splitlines())
        found = [item["definition"] for item in items if item["definition"] is not None]
    return itertools.cycle(found)


def beside_the_peer(folder: Path, files: list[str]) -> None:
    mine = user_time([sys.executable, "-m", "asltool", "validate", *files])
    line = f"{FILES} definitions in one call: {mine:.2f} s of user time"
    if shutil.which("npm"):
        subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), PEER], check=True)
        script = folder / "bench.js"
        script.write_text(SCRIPT, encoding="utf-8")
        peer = user_time(["node", str(script), *files])
        line += f"   peer {peer:.2f} s   {mine / peer:.2f}x"
    print(line)


def by_size() -> None:
    for states in (500, 5_000):
        text = json.dumps(chain(states), indent=4)
        seconds = statistics.median(_timed(lambda text=text: validate(read(text, "bench"))) for _ in range(3))  # type: ignore[misc]
        each = seconds / states * 1e6
        print(f"{states:>5} states, {len(text) / 1e6:.2f} MB: {seconds:.2f} s, {each:.0f} us a state")


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = []
        for number, definition in enumerate(
            itertools.islice(definitions(next(iter(sys.argv[1:]), None)), FILES)
        ):
            path = folder / f"{number}.asl.json"
            path.write_text(json.dumps(definition, indent=2), encoding="utf-8")
            files.append(str(path))
        beside_the_peer(folder, files)
        one = wall_time([sys.executable, "-m", "asltool", "validate", files[0]])
        nothing = wall_time([sys.executable, "-c", "pass"])
        print(
            f"one small file as a whole process: {one * 1e3:.0f} ms (python -c pass: {nothing * 1e3:.0f} ms)"
        )
    by_size()


if __name__ == "__main__":
    main()
