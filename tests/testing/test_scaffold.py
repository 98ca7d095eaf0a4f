"""`asltool init`: every project passes as it is, and nothing that exists is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import asltool
from asltool.cli import main
from asltool.errors import AslToolError
from asltool.testing import MachineUnderTest
from asltool.testing.case_files import read_cases
from asltool.testing.case_runs import run_case
from asltool.testing.explore import explore
from asltool.testing.scaffold import Scaffold
from asltool.testing.scaffold.python_text import PythonNames, line_of, literal

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "validation" / "real-world.jsonl"
SAMPLES = ("etl/etl", "saga/order")

_RUNS = 60
"""How many inputs and outcomes are tried on one machine."""


def write_project(path: Path) -> Mapping[str, str]:
    """Write the project of a machine beside its file; return the texts by name."""
    machine = asltool.load(path)
    runs = iter(range(_RUNS))
    exploration = explore(machine, go_on=lambda: next(runs, None) is not None)
    files = dict(Scaffold(machine, exploration, path.name, "m").files())
    for name, text in files.items():
        (path.parent / name).write_text(text, encoding="utf-8")
    return files


def assert_passes(folder: Path) -> None:
    """Run the cases and the test of a project."""
    for path in folder.glob("*.asltest.yaml"):
        assert [run_case(case).problems for case in read_cases(path) if run_case(case).problems] == []
    names: dict[str, Any] = {"__file__": str(folder / "test_m.py")}
    exec((folder / "test_m.py").read_text(encoding="utf-8"), names)
    tests: list[Callable[..., None]] = [each for name, each in names.items() if name.startswith("test_")]
    (test,) = tests
    test(**({"state_machine": MachineUnderTest} if test.__code__.co_argcount else {}))


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_project_of_a_sample_passes(sample: str, tmp_path: Path) -> None:
    path = tmp_path / "m.asl.json"
    path.write_bytes((ROOT / "samples" / f"{sample}.asl.json").read_bytes())
    files = write_project(path)
    assert_passes(tmp_path)
    assert '    assert run.status == "SUCCEEDED"\n' in files["test_m.py"]


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpus is not beside the repository")
def test_the_projects_of_real_machines_pass(tmp_path: Path) -> None:
    definitions = (json.loads(line)["definition"] for line in CORPUS.read_text("utf-8").splitlines())
    made = 0
    for number, definition in enumerate(islice(definitions, 0, None, 6)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "m.asl.json").write_text(json.dumps(definition), encoding="utf-8")
        try:
            write_project(folder / "m.asl.json")
        except AslToolError:  # it has errors, or a placeholder where a run needs a value
            continue
        assert_passes(folder)
        made += 1
    assert made >= 50


HANDLERS = '''\
"""Task handlers of m.asl.json. Replace what they do, and what they return."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

import asltool

tasks = asltool.Tasks()


class AskItemsItem(TypedDict):
    n: int


class AskInput(TypedDict):
    size: int
    items: list[AskItemsItem]
    who: Any
    note: NotRequired[Any]


@tasks.handler("ask")
def ask(event: AskInput, context: asltool.TaskContext) -> Any:
    """States "Ask" and "Ask again"."""
    return {"ok": True}


@tasks.handler("Wait for it")
def wait_for_it(event: dict[str, Any], context: asltool.TaskContext) -> Any:
    """State "Wait for it"."""
    context.send_task_success({})
    return {}
'''


def test_handlers_have_what_the_machine_says(tmp_path: Path) -> None:
    function = "arn:aws:lambda:us-east-1:123456789012:function:ask"
    fields = {"size": 3, "items": [{"n": 1}], "who.$": "$.who"}
    states = {
        "Ask": {
            "Type": "Task",
            "Resource": function,
            "Parameters": fields,
            "ResultPath": "$.a",
            "Next": "Ok?",
        },
        "Ok?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a.ok", "BooleanEquals": True, "Next": "Ask again"}],
            "Default": "No",
        },
        "Ask again": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": function, "Payload": fields | {"note.$": "$.note"}},
            "Next": "Wait for it",
        },
        "Wait for it": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "Message-Body.$": "$$.Task.Token"},
            "End": True,
        },
        "No": {"Type": "Fail"},
    }
    (tmp_path / "m.asl.json").write_text(json.dumps({"StartAt": "Ask", "States": states}))
    files = write_project(tmp_path / "m.asl.json")
    assert files["m_tasks.py"] == HANDLERS
    assert_passes(tmp_path)


def test_handlers_end_a_polling_loop(tmp_path: Path) -> None:
    states = {
        "Poll": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Next": "Ready?"},
        "Ready?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.State = 'READY' %}", "Next": "Done"}],
            "Default": "Poll",
        },
        "Done": {"Type": "Succeed"},
    }
    machine = {"QueryLanguage": "JSONata", "StartAt": "Poll", "States": states}
    (tmp_path / "m.asl.json").write_text(json.dumps(machine))
    files = write_project(tmp_path / "m.asl.json")
    assert '    return {"State": "READY"}\n' in files["m_tasks.py"]
    assert '    assert run.path == ["Poll", "Ready?", "Done"]\n' in files["test_m.py"]
    assert_passes(tmp_path)


def test_a_long_path_is_not_compared(tmp_path: Path) -> None:
    states = {
        "Zero": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Count"},
        "Count": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Enough?"},
        "Enough?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $n = 100 %}", "Next": "Done"}],
            "Default": "Count",
        },
        "Done": {"Type": "Succeed"},
    }
    machine = {"QueryLanguage": "JSONata", "StartAt": "Zero", "States": states}
    (tmp_path / "m.asl.json").write_text(json.dumps(machine))
    files = write_project(tmp_path / "m.asl.json")
    assert files["test_m.py"].endswith('    assert run.status == "SUCCEEDED"\n')
    assert_passes(tmp_path)


def test_a_machine_that_cannot_run_is_only_loaded(tmp_path: Path) -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I",
        "States": {"I": {"Type": "Pass", "End": True}},
    }
    each = {"Type": "Map", "ItemReader": reader, "ItemProcessor": processor, "End": True}
    (tmp_path / "m.asl.json").write_text(json.dumps({"StartAt": "Each", "States": {"Each": each}}))
    files = write_project(tmp_path / "m.asl.json")
    assert list(files) == ["m_tasks.py", "test_m.py"]
    assert "def test_m_is_valid():\n    assert asltool.load(" in files["test_m.py"]
    assert_passes(tmp_path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "machines").mkdir()
    sample = (ROOT / "samples" / "saga" / "order.asl.json").read_bytes()
    (tmp_path / "repo" / "machines" / "order.asl.json").write_bytes(sample)
    return tmp_path


def invoke(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


CHECKS = ["repo/.pre-commit-config.yaml", "repo/.github/workflows/asltool.yml"]


def test_the_files_are_written_once(folder: Path) -> None:
    made = invoke("init", "repo/machines/order.asl.json")
    assert (made.exit_code, made.stderr) == (0, "")
    beside = ["order_tasks.py", "order.asltest.yaml", "test_order.py"]
    assert made.stdout.splitlines() == [*(f"repo/machines/{name}" for name in beside), *CHECKS]
    again = invoke("init", "repo/machines/order.asl.json")
    problem = "asltool init: repo/machines/order_tasks.py already exists. choose another folder with -o\n"
    assert (again.exit_code, again.stdout, again.stderr) == (2, "", problem)
    elsewhere = invoke("init", "repo/machines/order.asl.json", "-o", "repo/tests")
    assert elsewhere.stdout.splitlines() == [f"repo/tests/{name}" for name in beside]
    assert elsewhere.stderr == ""
    assert invoke("test", "repo/tests").stdout == "4 passed\n"


def test_checks_that_exist_stay(folder: Path) -> None:
    (folder / CHECKS[0]).write_text("repos: []\n")
    made = invoke("init", "repo/machines/order.asl.json")
    begin = f"{CHECKS[0]} already exists and was not changed. its contents would be:\n\nrepos:\n  - repo:"
    assert made.exit_code == 0
    assert made.stderr.startswith(begin)
    assert (folder / CHECKS[0]).read_text() == "repos: []\n"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)


@given(JSON)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_literal_is_the_value(value: Any) -> None:
    assert eval(literal(value)) == value
    names: dict[str, Any] = {}
    exec(line_of("    x = ", value, "").lstrip(), names)
    assert names["x"] == value


@given(st.lists(st.text()))
def test_names_are_names_and_each_is_new(texts: list[str]) -> None:
    names = PythonNames("tasks")
    made = [names.function(text) for text in texts] + [names.type(text, "Input") for text in texts]
    assert len({*made}) == len(made)
    assert all(name.isidentifier() for name in made)
