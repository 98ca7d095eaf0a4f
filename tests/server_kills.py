"""A server that is killed again and again under load, and started again: nothing acknowledged is lost.

::

    python -m tests.server_kills --kills 100 --seed 1

Clients start executions of every kind, answer task tokens, poll an activity, publish versions and route an
alias, while the server is killed at random moments, now and then while it still begins. After every kill its
database is read: everything acknowledged must be there, and every call that a handler noted must have been
committed before. No task whose outcome was committed may run again. At the end every execution must end, with
the right result and without a gap in its event ids. The exit status is 1 at the first thing that is wrong.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import tempfile
import threading
import time
from pathlib import Path

from asltool.store.opening import open_to_read
from asltool.store.replay import history_of
from tests.server.load import Load
from tests.server.load_machines import TASKS
from tests.server.served import Api, ServerProcess

__all__ = ["Series"]

_KEY = re.compile(r"arn:aws:states:[^\"\\]+#\d+")
"""What a handler notes of a call, as it is in the payloads of events."""

_OUTCOMES = ("LambdaFunctionSucceeded", "LambdaFunctionFailed")
_SCHEDULED = "LambdaFunctionScheduled"


class Series:
    """The servers of one series, one after the other, on one folder. What is wrong is an `AssertionError`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self.load = Load(folder, self._chance)
        self._over: set[int] = set()
        self._done: set[str] = set()
        self._noted = 0
        (folder / "tasks.py").write_text(TASKS, encoding="utf-8")
        server = self._server()
        api = Api(server.wait())
        self.load.prepare(api)
        api.close()
        self._kill(server)

    def round(self, longest: float) -> None:
        """Start a server, put load on it, kill it, and look at what it has left."""
        server = self._server()
        if self._chance.random() < 0.1:
            time.sleep(self._chance.uniform(0, longest))
            self._kill(server)
            return
        over, api = threading.Event(), Api(server.wait())
        api("ListActivities")
        api.close()
        threads = self.load.threads(server.url, over)
        time.sleep(self._chance.uniform(0, longest))
        server.end(signal.SIGKILL)
        over.set()
        for thread in threads:
            thread.join()
        self._look()

    def finish(self, seconds: float) -> None:
        """Start a last server, and see that everything ends on it."""
        server = self._server()
        api = Api(server.wait())
        self.load.finish(api, seconds)
        api.close()
        assert server.end() == 0, server.errors.read_text(encoding="utf-8")
        self._look()

    def _server(self) -> ServerProcess:
        return ServerProcess(self._folder, "--data", "data", "--tasks", "tasks.py")

    def _kill(self, server: ServerProcess) -> None:
        server.end(signal.SIGKILL)
        self._look()

    def _look(self) -> None:
        """Compare what is in the database with what was acknowledged, and with what handlers noted."""
        errors = (self._folder / "stderr.txt").read_text(encoding="utf-8")
        assert not errors, errors
        assert not self.load.wrong, self.load.wrong
        scheduled, over = self._committed()
        notes = self._folder / "notes.txt"
        lines = notes.read_text(encoding="ascii").splitlines() if notes.exists() else []
        calls = lines[self._noted :]
        self._noted = len(lines)
        again = self._done.intersection(calls)
        assert not again, f"ran again after their outcome was committed: {again}"
        early = (
            {each for each in calls if ":execution:distributed/" not in each} - scheduled - self._done - over
        )
        assert not early, f"ran before they were committed: {early}"
        self._done |= over

    def _committed(self) -> tuple[set[str], set[str]]:
        """Return the calls that were committed, and those whose outcome was, as far as they are new."""
        scheduled, over = set[str](), set[str]()
        if not (self._folder / "data" / "asltool.db").exists():
            return scheduled, over
        store = open_to_read(self._folder / "data")
        try:
            rows = store.executions()
            lost = self.load.started.keys() - {row.arn for row in rows}
            assert not lost, f"acknowledged, and lost: {lost}"
            for row in rows:
                assert row.blocked is None, f"{row.arn} is blocked: {row.blocked}"
                if row.number in self._over:
                    continue
                if row.status not in ("RUNNING", "FAILED"):
                    self._over.add(row.number)
                for event in history_of(store.log(row.number)):
                    kind = event["type"]
                    if kind == _SCHEDULED:
                        scheduled.update(_KEY.findall(str(event)))
                    elif kind in _OUTCOMES:
                        over.update(_KEY.findall(str(event)))
        finally:
            store.close()
        return scheduled, over


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=1.5, help="seconds of load before a kill")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        series = Series(Path(folder), options.seed)
        for number in range(1, options.kills + 1):
            series.round(options.longest)
            print(f"\r{number} kills, {len(series.load.started)} executions", end="", flush=True)
        series.finish(60)
        made = len(series.load.started)
    print(f"\r{options.kills} kills, {made} executions, all ended: {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
