"""``python -m tests.bench.dropped_files [FILES]``: files dropped at once into a watched folder of a server.

Each starts an execution of one Pass state. The seconds are from when a file was written to when its execution
started; the file system and the server have the same clock.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.server.served import Api, ServerProcess

_PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


def _started(api: Api, machine: str) -> list[tuple[str, float]]:
    """Return the keys of the files that started executions, and when."""
    found, page = [], {"stateMachineArn": machine, "maxResults": 1000}
    while True:
        answer = api("ListExecutions", **page)
        for each in answer["executions"]:
            described = api("DescribeExecution", executionArn=each["executionArn"])
            detail = json.loads(described["input"])["detail"]
            found.append((detail["object"]["key"], described["startDate"]))
        if "nextToken" not in answer:
            return found
        page["nextToken"] = answer["nextToken"]


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bucket = folder / "s3" / "raw"
        bucket.mkdir(parents=True)
        server = ServerProcess(folder, "--s3", "s3", "--watch-s3", "--log", "none")
        api = Api(server.wait())
        events = Api(server.url, target="AWSEvents")
        definition = json.dumps(_PASS)
        role = "arn:aws:iam::123456789012:role/any"
        machine = api("CreateStateMachine", name="m", definition=definition, roleArn=role)["stateMachineArn"]
        events("PutRule", Name="r", EventPattern='{"source": ["aws.s3"]}')
        events("PutTargets", Rule="r", Targets=[{"Id": "t", "Arn": machine}])
        time.sleep(1)
        begun = time.perf_counter()
        for number in range(files):
            (folder / "whole").write_text("x", encoding="ascii")
            (folder / "whole").rename(bucket / f"f{number}")
        print(f"{files} files written in {time.perf_counter() - begun:.3f} s")
        time.sleep(5)
        found = _started(api, machine)
        late = sorted(when - os.stat(bucket / key).st_mtime for key, when in found)
        assert len(dict(found)) == len(found) == files, len(found)
        half, most = late[len(late) // 2], late[int(len(late) * 0.99) - 1]
        print(f"{len(found)} executions; from file to start: median {half:.3f} s, p99 {most:.3f} s")
        server.end(signal.SIGTERM)


if __name__ == "__main__":
    main()
