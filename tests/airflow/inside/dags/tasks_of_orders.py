"""Task handlers that note their calls in the folder ASLTOOL_TEST, and fail as PLAN says."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import asltool

tasks = asltool.Tasks()


def called(name: str) -> int:
    """Note a call, and return how many there have been of this name."""
    with (Path(os.environ["ASLTOOL_TEST"]) / "calls").open("a+", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.seek(0)
        return file.read().split().count(name)


@tasks.handler("check")
def check(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    if called("check") == 1 and os.environ.get("PLAN") == "busy":
        raise asltool.TaskFailed("Busy", "come back later")
    return event


@tasks.handler("ship")
def ship(event: dict[str, Any], context: asltool.TaskContext) -> dict[str, Any]:
    print("a handler prints")
    plan, calls = os.environ.get("PLAN"), called("ship")
    if plan == "no lorry" and calls == 1:
        raise LookupError("no lorry")
    if plan == "stopped" and calls == 1:
        os.kill(os.getpid(), signal.SIGTERM)
    return event
