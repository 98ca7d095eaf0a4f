"""A server that is killed again and again while files land, events are put and schedules fire.

::

    python -m tests.event_kills --kills 20 --files 1000

Each file, each event that was answered and each schedule that was answered starts one execution, and files
are also delivered to a handler, once at least. At the end there must be an execution for every one of them,
no two for any, and a delivery for every file. The exit status is 1 if not.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from asltool.store.opening import open_to_read
from tests.server.served import PLACE, Api, ServerProcess

__all__ = ["Series"]

_PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
_KINDS = ("files", "events", "schedules")

_TASKS = """
import asltool

tasks = asltool.Tasks()

@tasks.handler("note")
def note(event, context):
    with open("notes.txt", "a") as file:
        file.write(event["detail"]["object"]["key"] + "\\n")
"""

_ROLE = "arn:aws:iam::123456789012:role/any"


class Series:
    """The servers of one series, one after the other, on one folder. What is wrong is an `AssertionError`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self.made: dict[str, set[str]] = {kind: set() for kind in _KINDS}
        self._number = 0
        (folder / "s3" / "raw").mkdir(parents=True)
        (folder / "tasks.py").write_text(_TASKS, encoding="utf-8")
        server = self._server()
        with Api(server.wait()) as api, Api(server.url, target="AWSEvents") as events:
            self._prepare(api, events)
        server.end(signal.SIGKILL)

    def _server(self) -> ServerProcess:
        options = ("--data", "data", "--tasks", "tasks.py", "--s3", "s3", "--watch-s3", "--log", "none")
        return ServerProcess(self._folder, *options)

    def _prepare(self, api: Api, events: Api) -> None:
        for kind in _KINDS:
            api("CreateStateMachine", name=kind, definition=json.dumps(_PASS), roleArn=_ROLE)
        note = {"Id": "n", "Arn": "arn:aws:lambda:us-east-1:123456789012:function:note"}
        for kind, pattern, more in (
            ("files", {"source": ["aws.s3"]}, [note]),
            ("events", {"source": ["app"]}, []),
        ):
            events("PutRule", Name=kind, EventPattern=json.dumps(pattern))
            target = {"Id": "t", "Arn": f"{PLACE}:stateMachine:{kind}"}
            events("PutTargets", Rule=kind, Targets=[target, *more])

    def round(self, files: int, longest: float) -> None:
        """Start a server, have things happen, and kill it, now and then while it still begins."""
        server, over = self._server(), threading.Event()
        threads = [threading.Thread(target=self._drop, args=(files,))]
        if self._chance.random() < 0.2:
            threads[0].start()
            time.sleep(self._chance.uniform(0, longest))
        else:
            url = server.wait()
            threads += [threading.Thread(target=work, args=(url, over)) for work in (self._put, self._plan)]
            for thread in threads:
                thread.start()
            time.sleep(self._chance.uniform(0, longest))
        server.end(signal.SIGKILL)
        over.set()
        for thread in threads:
            thread.join()

    def _drop(self, files: int) -> None:
        """Write files, every other one by renaming it."""
        for number in range(self._number, self._number + files):
            name = f"f{number}"
            path = self._folder / "s3" / "raw" / name
            unfinished = self._folder / name
            (unfinished if number % 2 else path).write_text(name, encoding="ascii")
            if unfinished.exists():
                unfinished.replace(path)
            self.made["files"].add(name)
        self._number += files

    def _put(self, url: str, over: threading.Event) -> None:
        """Put events; what was answered counts."""
        with suppress(OSError, http.client.HTTPException), Api(url, target="AWSEvents") as events:
            while not over.is_set():
                detail = {"at": time.time_ns()}
                entry = {"Source": "app", "DetailType": "t", "Detail": json.dumps(detail)}
                answer = events("PutEvents", Entries=[entry] * 10)
                self.made["events"] |= {each["EventId"] for each in answer["Entries"]}

    def _plan(self, url: str, over: threading.Event) -> None:
        """Create schedules that fire once, within two seconds; what was answered counts."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        target = {
            "Arn": f"{PLACE}:stateMachine:schedules",
            "RoleArn": _ROLE,
        }
        with suppress(OSError, http.client.HTTPException), closing(connection):
            while not over.is_set():
                name = f"s{time.time_ns()}"
                when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 2))
                request = {
                    "ScheduleExpression": f"at({when})",
                    "FlexibleTimeWindow": {"Mode": "OFF"},
                    "Target": {**target, "Input": json.dumps(name)},
                }
                connection.request("POST", f"/schedules/{name}", json.dumps(request))
                if connection.getresponse().read() and not over.is_set():
                    self.made["schedules"].add(name)
                time.sleep(0.01)

    def finish(self, seconds: float) -> None:
        """Start a last server, and see that everything comes that has to, and nothing twice."""
        server = self._server()
        server.wait()
        until = time.monotonic() + seconds
        while time.monotonic() < until and any(self._missing().values()):
            time.sleep(0.2)
        assert server.end() == 0, server.errors.read_text(encoding="utf-8")
        missing = {kind: sorted(names)[:5] for kind, names in self._missing().items() if names}
        assert not missing, f"lost: {missing}"
        twice = {name: count for name, count in self._started().items() if count > 1}
        assert not twice, f"twice: {twice}"

    def _missing(self) -> dict[str, set[str]]:
        started = self._started()
        notes = self._folder / "notes.txt"
        noted = set(notes.read_text(encoding="ascii").split()) if notes.exists() else set[str]()
        missing = {kind: {name for name in self.made[kind] if (kind, name) not in started} for kind in _KINDS}
        return {**missing, "deliveries": self.made["files"] - noted}

    def _started(self) -> Counter[tuple[str, str]]:
        """Return how many executions there are for each file, event and schedule."""
        store = open_to_read(self._folder / "data")
        try:
            rows = store.executions(whole=True)
        finally:
            store.close()
        kinds = ((row.machine.rpartition(":")[2], json.loads(row.input)) for row in rows)
        return Counter((kind, _about(kind, value)) for kind, value in kinds if not _is_begun(kind, value))


def _is_begun(kind: str, value: Any) -> bool:
    """Return whether a file was opened, but not written for 100 ms, as on a busy machine."""
    return kind == "files" and value["detail"]["object"]["size"] == 0


def _about(kind: str, value: Any) -> str:
    """Return which file, event or schedule has started an execution, by its input."""
    if kind == "files":
        return str(value["detail"]["object"]["key"])
    return str(value["id"] if kind == "events" else value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--files", type=int, default=1000, help="dropped in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=1.5, help="seconds before a kill")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        series = Series(Path(folder), options.seed)
        for number in range(1, options.kills + 1):
            series.round(options.files // options.kills, options.longest)
            print(f"\r{number} kills, {_counted(series)}", end="", flush=True)
        series.finish(120)
    seconds = time.monotonic() - begun
    print(f"\r{options.kills} kills, {_counted(series)}, none lost, none twice: {seconds:.0f} s")


def _counted(series: Series) -> str:
    return ", ".join(f"{len(names)} {kind}" for kind, names in series.made.items())


if __name__ == "__main__":
    main()
