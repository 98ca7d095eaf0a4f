"""``python -m tests.bench.server [ROUNDS]``: the server beside ministack and moto, in one run, by medians.

moto executes state machines once it is asked to; ``ministack`` is found in the PATH, or by the variable
MINISTACK. What is not there is left out, with a reason. Last come the memory over many executions, and one
Pass beside a large map run.

Source: https://docs.getmoto.org/en/latest/docs/services/stepfunctions.html
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from tests.server.served import Api, ServerProcess, resident_mb

ROLE = "arn:aws:iam::123456789012:role/any"
_PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 7, "End": True}}}
_LOOP = {
    "StartAt": "Count",
    "States": {
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
        "More": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericLessThan": 1000, "Next": "Count"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}
_MAP = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}},
            "End": True,
        }
    },
}
_LARGE = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "One",
                "States": {"One": {"Type": "Pass", "Result": 1, "End": True}},
            },
            "ResultPath": None,
            "End": True,
        }
    },
}
_INPUTS = {"pass": "{}", "loop": '{"n": 0}', "map": json.dumps({"items": list(range(1000))})}

BARS = {
    "one Pass, start to SUCCEEDED": 0.4,
    "StartExecution": 1.0,
    "DescribeExecution, boto3": 1 / 1.3,
    "DescribeExecution, raw": 1 / 1.5,
    "a short execution, of 200": 1 / 1.6,
    "a loop of 1,000 turns": 0.25,
    "an inline Map of 1,000": 0.06,
}
"""What part of the quickest peer's time may be taken at most."""


class Contestant:
    """A running server, and what it has taken, in seconds, by the names of `BARS`."""

    def __init__(self, name: str, url: str, process: int, begun: float) -> None:
        self.name = name
        self.process = process
        self.api = Api(url, 120)
        self.client = boto3.client(
            "stepfunctions",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="123456789012",
            aws_secret_access_key="any",
        )
        self.api("ListStateMachines")
        self.startup = time.perf_counter() - begun
        self.memory = resident_mb(process)
        self._arn = ""
        self.took: dict[str, list[float]] = {name: [] for name in BARS}
        self.machines = {
            name: self.api("CreateStateMachine", name=name, definition=json.dumps(body), roleArn=ROLE)[
                "stateMachineArn"
            ]
            for name, body in {"pass": _PASS, "loop": _LOOP, "map": _MAP}.items()
        }

    def one_pass(self) -> None:
        begun = time.perf_counter()
        self._arn = self._start("pass")
        self.took["StartExecution"].append(time.perf_counter() - begun)
        self._seen(self._arn)
        self.took["one Pass, start to SUCCEEDED"].append(time.perf_counter() - begun)

    def describe(self) -> None:
        self._time("DescribeExecution, boto3", lambda: self.client.describe_execution(executionArn=self._arn))
        for _ in range(3):
            self._time(
                "DescribeExecution, raw", lambda: self.api("DescribeExecution", executionArn=self._arn)
            )

    def many(self) -> None:
        begun = time.perf_counter()
        for started in [self._raw_start() for _ in range(200)]:
            while self.api("DescribeExecution", executionArn=started)["status"] == "RUNNING":
                pass
        self.took["a short execution, of 200"].append((time.perf_counter() - begun) / 200)

    def large(self) -> None:
        self._time("a loop of 1,000 turns", lambda: self._seen(self._start("loop")))
        self._time("an inline Map of 1,000", lambda: self._seen(self._start("map")))

    def _time(self, name: str, work: Callable[[], Any]) -> None:
        begun = time.perf_counter()
        work()
        self.took[name].append(time.perf_counter() - begun)

    def _start(self, name: str) -> str:
        answer = self.client.start_execution(
            stateMachineArn=self.machines[name], name=uuid.uuid4().hex, input=_INPUTS[name]
        )
        return str(answer["executionArn"])

    def _raw_start(self) -> str:
        machine, name = self.machines["pass"], uuid.uuid4().hex
        return str(self.api("StartExecution", stateMachineArn=machine, name=name, input="{}")["executionArn"])

    def _seen(self, arn: str) -> None:
        while (status := self.client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
            pass
        assert status == "SUCCEEDED", f"{self.name}: {arn} is {status}"


_ROUND: list[tuple[Callable[[Contestant], None], int]] = [
    (Contestant.one_pass, 20),
    (Contestant.describe, 60),
    (Contestant.many, 1),
    (Contestant.large, 1),
]
"""What a round takes of each contestant, one after the other, and how often."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _peer(name: str, command: list[str], port: int, environment: dict[str, str]) -> Contestant:
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _processes.append(process)
    while True:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert process.poll() is None, f"{name} has ended"
        time.sleep(0.005)
    if name == "moto":
        body = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
        urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}/moto-api/config", body)
        ).close()
    return Contestant(name, f"http://127.0.0.1:{port}", process.pid, begun)


_processes: list[subprocess.Popen[bytes]] = []


def peers() -> list[Contestant]:
    """Start the peers that are installed."""
    found = []
    ministack = os.environ.get("MINISTACK") or shutil.which("ministack")
    moto = Path(sys.executable).with_name("moto_server")
    if ministack:
        port = _free_port()
        found.append(_peer("ministack", [ministack], port, {"GATEWAY_PORT": str(port)}))
    else:
        print("without ministack: install it (pip install ministack), in a venv of its own if it must be")
    if moto.exists():
        port = _free_port()
        found.append(_peer("moto", [str(moto), "-p", str(port)], port, {}))
    else:
        print("without moto: install it (pip install 'moto[server]')")
    return found


def _print_table(ours: Contestant, others: list[Contestant]) -> bool:
    """Print medians in milliseconds; return whether all bars hold."""
    print(
        f"{'milliseconds':32}"
        + "".join(f"{each.name:>12}" for each in [ours, *others])
        + "   part of the quickest"
    )
    holds = True
    for name, bar in BARS.items():
        medians = [statistics.median(each.took[name]) * 1000 for each in [ours, *others]]
        line = f"{name:32}" + "".join(f"{median:12.2f}" for median in medians)
        if others:
            part = medians[0] / min(medians[1:])
            holds &= part <= bar
            line += f"   {part:.2f}, at most {bar:.2f}{'' if part <= bar else '  MISSED'}"
        print(line)
    for what, values in {
        "start-up to the first answer": [each.startup * 1000 for each in [ours, *others]],
        "MB after it": [each.memory for each in [ours, *others]],
    }.items():
        print(f"{what:32}" + "".join(f"{value:12.1f}" for value in values))
    return holds


def _beside_a_map(ours: Contestant, items: int) -> None:
    """Print how long one Pass takes while a large map run goes on."""
    machine = ours.api("CreateStateMachine", name="large", definition=json.dumps(_LARGE), roleArn=ROLE)
    large = ours.api(
        "StartExecution", stateMachineArn=machine["stateMachineArn"], input=f"[{','.join('0' * items)}]"
    )["executionArn"]
    took, begun = [], time.perf_counter()
    while ours.api("DescribeExecution", executionArn=large)["status"] == "RUNNING":
        first = time.perf_counter()
        arn = ours._raw_start()
        while ours.api("DescribeExecution", executionArn=arn)["status"] == "RUNNING":
            pass
        took.append((time.perf_counter() - first) * 1000)
    lasted = time.perf_counter() - begun
    took.sort()
    print(
        f"one Pass beside a map run of {items:,} items, {lasted:.1f} s: "
        f"median {statistics.median(took):.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms, of {len(took)}"
    )


def _memory(ours: Contestant, many: int) -> None:
    """Print what the server's process takes after many executions."""
    sizes = []
    for _ in range(4):
        for _ in range(many // 4):
            ours._raw_start()
        sizes.append(f"{resident_mb(ours.process):.1f}")
    print(f"MB over {many:,} executions: {ours.memory:.1f} after start, then {', '.join(sizes)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--executions", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        server = ServerProcess(Path(folder), "--data", "data")
        ours = Contestant("asltool", server.wait(), server.process.pid, begun)
        others = peers()
        for _ in range(options.rounds):
            for work, times in _ROUND:
                for each in [ours, *others] * times:
                    work(each)
        holds = _print_table(ours, others)
        for process in _processes:
            process.terminate()
            process.wait(30)
        if options.executions:
            _memory(ours, options.executions)
        if options.items:
            _beside_a_map(ours, options.items)
        server.end(signal.SIGTERM)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
