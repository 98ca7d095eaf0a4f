"""Children of map runs on the workers of a Dask cluster."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, get_worker

from asltool.driver.jobs import Integration
from asltool.engine.map_run import MapRun
from asltool.errors import OptionError, TasksError, WorkerError
from asltool.integrations.dask import cluster, connecting
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_runs import MapRuns
from asltool.integrations.tasks import Tasks
from asltool.machine import loads
from asltool.run import Run
from asltool.store.checkpoint import Checkpoints

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:do"
DO = {"Type": "Task", "Resource": LAMBDA, "End": True}
EACH: dict[str, Any] = {
    "Type": "Map",
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Do",
        "States": {"Do": DO},
    },
    "End": True,
}


def make(folder: str) -> Sequence[Integration]:
    """Return the handler of an item: "bad" fails, "kill" kills its process, and "kill once" only once."""
    tasks = Tasks()

    @tasks.handler("do")
    def do(event: Any, context: Any) -> Any:
        marker = Path(folder, "killed")
        if event == "kill" or (event == "kill once" and not marker.exists()):
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if event == "bad":
            raise ValueError("bad")
        with Path(folder, "calls").open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {event}\n")
        return event

    return [Handlers(tasks)]


def missing() -> Sequence[Integration]:
    import no_such_module  # type: ignore[import-not-found]  # noqa: F401

    return []


Make = Callable[[], Sequence[Integration]]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Return a cluster whose workers are threads, which start at once and cannot be killed."""
    with ExitStack() as stack:
        yield connecting.connect(stack, "local:2", processes=False)


def run(client: Client | str, items: list[Any], make: Make, fields: dict[str, Any], **options: Any) -> Run:
    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": {**EACH, **fields}}}))
    return machine.run(items, map_runs=MapRuns(dask=client, integrations=make), **options)


def test_children_run_on_the_workers_and_a_failure_keeps_its_history(client: Client, tmp_path: Path) -> None:
    items, here, state = [*range(200), "bad", *range(200)], partial(make, str(tmp_path)), tmp_path / "state"
    ran = run(client, items, here, {"MaxConcurrency": 3}, name="n", checkpoints=Checkpoints(state))
    assert ran.error == "States.ExceedToleratedFailureThreshold"
    (failed,) = ran.map_runs[0].failed
    assert (failed.input, failed.error) == ("bad", "ValueError")
    assert [event["type"] for event in failed.history][-2:] == ["LambdaFunctionFailed", "ExecutionFailed"]
    before = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    again = run(client, items, here_too, {}, name="n", checkpoints=Checkpoints(state, redrive=True))
    assert again.output == items
    assert ran.map_runs[0].items.succeeded <= len(before)


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    items = [*range(100), "kill once", *range(100)]
    make_there = partial(make, str(tmp_path))
    ran = run("local:2", items, make_there, {})
    assert ran.output == items
    calls = [line.split(maxsplit=1) for line in (tmp_path / "calls").read_text(encoding="utf-8").splitlines()]
    assert str(os.getpid()) not in {process for process, _ in calls}


WRITER = {
    "Resource": "arn:aws:states:::s3:putObject",
    "Parameters": {"Bucket": "out", "Prefix": "jobs"},
    "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"},
}


def written(folder: Path, output: Any) -> dict[str, list[Any]]:
    """Return the results by status, and check that the manifest lists exactly the files that there are."""
    bucket = folder / "out"
    manifest = json.loads((bucket / output["ResultWriterDetails"]["Key"]).read_text(encoding="utf-8"))
    listed = [file for files in manifest["ResultFiles"].values() for file in files]
    there = {str(path.relative_to(bucket)): path.stat().st_size for path in bucket.rglob("*_*.json")}
    assert {file["Key"]: file["Size"] for file in listed} == there
    return {
        status: [each for file in files for each in json.loads((bucket / file["Key"]).read_bytes())]
        for status, files in manifest["ResultFiles"].items()
    }


def test_workers_write_results_and_a_resumed_run_has_each_once(client: Client, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    items, here, state = [*range(2000), "bad"], partial(make, str(tmp_path)), tmp_path / "state"
    fields = {"ResultWriter": WRITER, "ToleratedFailureCount": 1}
    options: dict[str, Any] = {"name": "n", "s3": tmp_path}

    def stop(map_run: MapRun) -> None:
        if map_run.executions.succeeded > 100:
            raise KeyboardInterrupt

    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": {**EACH, **fields}}}))
    settings = MapRuns(watch=stop, dask=client, integrations=here)
    with pytest.raises(KeyboardInterrupt):
        machine.run(items, map_runs=settings, checkpoints=Checkpoints(state), **options)
    journal = next((state / "definition").rglob("*.jsonl")).read_text(encoding="utf-8")
    assert len(journal.splitlines()) < 20, "a line a part"
    ran = run(client, items, here, fields, checkpoints=Checkpoints(state, resume=True), **options)
    results = written(tmp_path, ran.output)
    assert sorted(results["SUCCEEDED"]) == list(range(2000))
    assert [child["Error"] for child in results["FAILED"]] == ["ValueError"]


def test_results_that_workers_cannot_write_fail_the_map_run(client: Client, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    def remove(map_run: MapRun) -> None:
        if map_run.status == "RUNNING" and (tmp_path / "out").exists():
            (tmp_path / "out").rmdir()

    state = {**EACH, "ResultWriter": WRITER}
    machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": state}}))
    settings = MapRuns(watch=remove, dask=client, integrations=here_too)
    ran = machine.run([1, 2], map_runs=settings, s3=tmp_path)
    assert ran.error == "States.ResultWriterFailed"
    assert str(ran.cause).startswith("The specified bucket does not exist ")


def test_a_module_that_a_worker_lacks_is_named_with_the_worker(client: Client) -> None:
    with pytest.raises(WorkerError) as refused:
        run(client, [1], missing, {})
    worker, _, rest = str(refused.value).partition(": its ")
    assert worker.startswith("Dask worker tcp://127.0.0.1:")
    assert rest == "task handlers cannot be created: No module named 'no_such_module'"


def test_a_worker_with_another_version_is_refused(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "versions", lambda: {"asltool": "0.0.1", "Python": "3.99"})
    with pytest.raises(
        WorkerError, match=r"^Dask worker tcp://\S+: it has asltool \S+, and this run 0.0.1\. "
    ):
        run(client, [1], partial(make, str(tmp_path)), {})


def here_too() -> Sequence[Integration]:
    return [Handlers({"do": lambda event, context: event})]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("elsewhere", '"elsewhere" is not a Dask cluster: expected tcp://HOST:PORT, local or local:N'),
        ("local:none", '"local:none" is not a Dask cluster: expected local:N, for N workers'),
        ("local:0", '"local:0" is not a Dask cluster: expected local:N, for N workers'),
    ],
)
def test_an_address_that_is_not_a_cluster_is_refused(address: str, message: str) -> None:
    with pytest.raises(OptionError) as refused, ExitStack() as stack:
        connecting.connect(stack, address)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("address", "reason"),
    [("tcp://127.0.0.1", "missing port number"), ("http://127.0.0.1:1", "unknown address scheme 'http'")],
)
def test_an_address_without_a_scheduler_is_an_error_that_says_why(address: str, reason: str) -> None:
    with pytest.raises(WorkerError) as problem, ExitStack() as stack:
        connecting.connect(stack, address)
    assert str(problem.value).startswith(f"no Dask scheduler answers at {address}: {reason}")


def test_the_address_of_a_worker_is_refused(client: Client) -> None:
    address = next(iter(client.nthreads()))
    with pytest.raises(WorkerError) as problem, ExitStack() as stack:
        connecting.connect(stack, address)
    assert str(problem.value) == f"no Dask scheduler answers at {address}: a worker answers there"


def test_a_map_inside_a_child_reaches_a_store_of_fsspec(client: Client, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "items.json").write_text("[1, 2]", encoding="utf-8")
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "in", "Key": "items.json"},
    }
    inner = {"StartAt": "Inner", "States": {"Inner": {**EACH, "ItemReader": reader}}}
    processor = {**EACH["ItemProcessor"], **inner}
    ran = run(client, ["a"], here_too, {"ItemProcessor": processor}, s3=tmp_path.as_uri())
    assert ran.output == [[1, 2]], ran.cause


def test_only_one_kind_of_workers_is_used() -> None:
    with pytest.raises(OptionError, match="processes and dask exclude each other: use only one"):
        MapRuns(processes=1, dask="local", integrations=here_too)
    with pytest.raises(OptionError, match="dask needs integrations, a picklable callable"):
        MapRuns(dask="local")


def test_a_run_whose_scheduler_is_lost_is_resumed_on_another_cluster(client: Client, tmp_path: Path) -> None:
    items, here, state = list(range(3000)), partial(make, str(tmp_path)), tmp_path / "state"
    with ExitStack() as stack:
        lost = connecting.connect(stack, "local:1", processes=False)
        address = lost.scheduler.address

        def lose(map_run: MapRun) -> None:
            if map_run.executions.succeeded and lost.status == "running":
                lost.cluster.close()

        machine = loads(json.dumps({"StartAt": "Each", "States": {"Each": EACH}}))
        settings = MapRuns(watch=lose, dask=lost, integrations=here)
        with pytest.raises(WorkerError) as stopped:
            machine.run(items, map_runs=settings, name="n", checkpoints=Checkpoints(state))
    assert str(stopped.value).startswith(f"the connection to the Dask scheduler at {address} was lost")
    ran = run(client, items, here, {}, name="n", checkpoints=Checkpoints(state, resume=True))
    assert ran.output == items


_begun, _may_end = threading.Event(), threading.Event()


def waiting() -> Sequence[Integration]:
    def do(event: Any, context: Any) -> Any:
        _begun.set()
        _may_end.wait(60)
        return event

    return [Handlers({"do": do})]


def test_a_map_that_is_aborted_does_not_wait_for_its_chunks(client: Client) -> None:
    def fail(event: Any, context: Any) -> Any:
        assert _begun.wait(60)
        raise ValueError("stop")

    branches = [
        {"StartAt": "Each", "States": {"Each": EACH}},
        {"StartAt": "Fail", "States": {"Fail": {**DO, "Resource": LAMBDA.replace(":do", ":fail")}}},
    ]
    parallel = {"Type": "Parallel", "Branches": branches, "End": True}
    machine = loads(json.dumps({"StartAt": "P", "States": {"P": parallel}}))
    try:
        settings = MapRuns(dask=client, integrations=waiting)
        ran = machine.run(list(range(100)), tasks={"fail": fail}, map_runs=settings)
        assert (ran.error, _may_end.is_set()) == ("ValueError", False)
        assert [run.status for run in ran.map_runs] == ["ABORTED"]
    finally:
        _may_end.set()
    assert run(client, [1, 2], here_too, {}).output == [1, 2]


def on_cluster() -> Tasks:
    tasks = Tasks()

    @tasks.handler("there", where="cluster")
    def there(event: Any, context: Any) -> Any:
        if event == "bad" and context.attempt == 0:
            raise ValueError("bad")
        return [event, get_worker().address]

    @tasks.handler("async", where="cluster")
    async def later(event: Any, context: Any) -> Any:
        return [event, get_worker().address]

    @tasks.handler("here")
    def here(event: Any, context: Any) -> Any:
        return [event, threading.current_thread().name]

    return tasks


def cluster_handlers() -> Sequence[Integration]:
    return [Handlers(on_cluster())]


def test_handlers_for_the_cluster_run_there_and_others_here(client: Client) -> None:
    retry = [{"ErrorEquals": ["ValueError"]}]
    branches = [
        {
            "StartAt": name,
            "States": {name: {**DO, "Resource": LAMBDA.replace(":do", f":{name}"), "Retry": retry}},
        }
        for name in ("there", "async", "here")
    ]
    parallel = {"Type": "Parallel", "Branches": branches, "End": True}
    machine = loads(json.dumps({"StartAt": "P", "States": {"P": parallel}}))
    settings = MapRuns(dask=client, integrations=cluster_handlers)
    ran = machine.run("bad", tasks=on_cluster(), map_runs=settings)
    workers = set(client.nthreads())
    assert [event for event, _ in ran.output] == ["bad"] * 3
    assert [place in workers for _, place in ran.output] == [True, True, False]
    failures = [event["type"] for event in ran.history if event["type"] == "LambdaFunctionFailed"]
    assert len(failures) == 1


def test_a_handler_runs_here_or_on_the_cluster() -> None:
    with pytest.raises(TasksError) as refused:
        Tasks().register("do", print, "moon")  # type: ignore[arg-type]
    assert str(refused.value) == 'a handler cannot run in "moon": expected where="here" or where="cluster"'
