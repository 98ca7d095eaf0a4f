"""The page of a run of 10,000 events, beside the history that it shows; and of 500 states.

Run with ``python -m tests.bench.page``. Prints sizes and medians; with Chromium on the PATH, also how long it
takes from opening the page until the drawing can be used, and until all is there.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asltool
from asltool.diagrams import draw
from asltool.diagrams.highlight import Highlight
from tests.bench.render import web

ROUNDS = 3
ITEMS = 1_110

MAP = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "StartAt": "Charge",
                "States": {
                    "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Log"},
                    "Log": {"Type": "Pass", "End": True},
                },
            },
            "End": True,
        }
    },
}

LOOP = {
    "StartAt": "Begin",
    "States": {
        "Begin": {"Type": "Pass", "Result": 0, "ResultPath": "$.turn", "Next": "More?"},
        "More?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.turn", "NumericLessThan": 1_660, "Next": "Work"}],
            "Default": "Done",
        },
        "Work": {
            "Type": "Pass",
            "Parameters": {"turn.$": "States.MathAdd($.turn, 1)", "order.$": "$.order"},
            "Next": "Note",
        },
        "Note": {"Type": "Pass", "Next": "More?"},
        "Done": {"Type": "Succeed"},
    },
}


def charge(event: Any, context: Any) -> dict[str, Any]:
    """Answer as Lambda does, with texts that are never the same."""
    key = hashlib.sha256(json.dumps(event).encode()).hexdigest()
    return {
        "Payload": {"receipt": key, "blob": key * 8, "id": event["id"]},
        "SdkHttpMetadata": {"AllHttpHeaders": {"X-Amzn-Trace-Id": [key]}, "HttpStatusCode": 200},
        "SdkResponseMetadata": {"RequestId": key[:36]},
        "StatusCode": 200,
    }


def run(definition: dict[str, Any], value: Any) -> tuple[asltool.Machine, list[dict[str, Any]]]:
    tasks = asltool.Tasks()
    tasks.handler("arn:aws:states:::lambda:invoke")(charge)
    machine = asltool.load(definition)
    return machine, machine.run(value, tasks=tasks, limits=False).history


def median(work: Callable[[], float]) -> float:
    return statistics.median(work() for _ in range(ROUNDS))


def timed(work: Callable[[], object]) -> float:
    """Return how long a call takes, in milliseconds."""

    def once() -> float:
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1000

    return median(once)


def compare(title: str, definition: dict[str, Any], value: Any) -> bytes:
    """Print what the page of a run costs, and return it."""
    machine, history = run(definition, value)
    plain = json.dumps({"events": history})
    text = b""

    def make() -> None:
        nonlocal text
        shown = Highlight.from_history(machine.model, history)
        text = draw(machine.model, "html", shown, definition=machine.definition, title=title)

    parse, made = timed(lambda: json.loads(plain)), timed(make)
    print(f"{title}: {len(history):,} events, {len(plain) / 1e6:.2f} MB of JSON, read in {parse:.0f} ms")
    print(f"  page {len(text) / 1e6:.2f} MB, made in {made:.0f} ms, {made / parse:.1f} x reading the history")
    return text


def opening(pages: dict[str, bytes]) -> None:
    """Print how long a browser takes until a drawing can be used, and until the values are there, too."""
    from tests.diagrams.browser import CHROMIUM, chromium, opened

    if CHROMIUM is None:
        print("no chromium on the PATH")
        return
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for title, text in pages.items():
            path = Path(folder) / "page.html"
            path.write_bytes(text)

            times = []
            for _ in range(ROUNDS):
                with opened(browser, path) as page:
                    said = page.evaluate("({ ...document.documentElement.dataset })")
                    times.append([float(said[name]) for name in ("drawn", "ready")])
            drawn, ready = map(statistics.median, zip(*times, strict=True))
            print(
                f"{title}: drawing usable in the browser after {drawn:.0f} ms, all there after {ready:.0f} ms"
            )


def main() -> None:
    lines = [{"sku": f"A-{number}", "quantity": number} for number in range(20)]
    items = [{"id": number, "note": f"{'n' * 200}{number}"} for number in range(ITEMS)]
    pages = {
        "a loop": compare("a loop", LOOP, {"order": {"customer": "Ada", "lines": lines}}),
        "a Map": compare("a Map", MAP, {"items": items}),
        "500 states": draw(web(), "html"),
    }
    opening(pages)


if __name__ == "__main__":
    main()
