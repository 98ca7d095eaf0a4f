"""Lambda functions in JavaScript: what they answer, the process they run in, and how it ends."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import asltool
from asltool import LambdaFunctions, NodeFunction, TasksError
from asltool.integrations.lambda_project import named_function

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")

CASES = Path(__file__).parent.parent / "cases"
FOLDER = CASES / "integrations" / "javascript"
FUNCTIONS = yaml.safe_load((CASES / "integrations" / "javascript.yaml").read_text(encoding="utf-8"))
RESOURCE = "arn:aws:lambda:us-east-1:123456789012:function:"
RUN = f"""
import sys, asltool
task = '{{"Type": "Task", "Resource": "{RESOURCE}f", "End": true}}'
machine = asltool.loads('{{"StartAt": "A", "States": {{"A": ' + task + '}}}}')
functions = asltool.LambdaFunctions([("f", asltool.NodeFunction(sys.argv[1], "loop"))])
machine.run({{}}, integrations=[functions])
"""


def machine(*others: str, **fields: Any) -> asltool.Machine:
    """Return a machine that calls f; ``others`` are Pass states with their names as their results."""
    task = {"Type": "Task", "Resource": f"{RESOURCE}f", "End": True, **fields}
    states = {"Call": task, **{name: {"Type": "Pass", "Result": name, "End": True} for name in others}}
    return asltool.loads(json.dumps({"StartAt": "Call", "States": states}))


def for_each(*others: str, **fields: Any) -> asltool.Machine:
    """Return a machine that calls f for all items of its input at the same time."""
    every = {"Type": "Map", "ItemProcessor": machine(*others, **fields).definition, "End": True}
    return asltool.loads(json.dumps({"StartAt": "All", "States": {"All": every}}))


def call(function: NodeFunction, event: Any = None, **fields: Any) -> asltool.Run:
    return machine(**fields).run(event, integrations=[LambdaFunctions([("f", function)])], limits=False)


@pytest.fixture(scope="module")
def process() -> NodeFunction:
    """Hold on to the process of the folder."""
    return NodeFunction(FOLDER / "module.mjs", "identify")


@pytest.mark.parametrize("case", FUNCTIONS, ids=lambda case: case.get("name", case["function"]))
def test_what_a_function_answers(process: NodeFunction, case: dict[str, Any]) -> None:
    ran = call(NodeFunction(FOLDER / case.get("file", "module.mjs"), case["function"]), case["event"])
    if "result" in case:
        assert (ran.status, ran.output) == ("SUCCEEDED", case["result"])
        return
    assert (ran.status, ran.error) == ("FAILED", case["error"])
    cause = json.loads(ran.cause or "")
    assert list(cause) == ["errorType", "errorMessage", "trace"]
    assert (cause["errorType"], cause["errorMessage"]) == (case["error"], case["message"])
    assert cause["trace"][:1] == ([case["trace"]] if "trace" in case else [])
    assert "node_bootstrap" not in (ran.cause or "")


def test_functions_of_a_project_share_a_process_and_its_modules(process: NodeFunction) -> None:
    first = call(NodeFunction(FOLDER / "module.mjs", "count")).output
    assert call(NodeFunction(FOLDER / "module.mjs", "count")).output == first + 1
    assert call(process).output == call(NodeFunction(FOLDER / "module.mjs", "identify")).output
    other = NodeFunction(FOLDER / "module.mjs", "identify", {"TABLE": "orders"})
    assert call(other).output != call(process).output


def test_the_context(process: NodeFunction) -> None:
    ran = call(NodeFunction(FOLDER / "module.mjs", "identity", memory="512"), TimeoutSeconds=60)
    left = ran.output.pop("left")
    assert 0 < left <= 60_000
    request = ran.output["awsRequestId"]
    assert ran.output.pop("logStreamName").endswith(f"[$LATEST]{request.replace('-', '')}")
    assert ran.output == {
        "awsRequestId": request,
        "callbackWaitsForEmptyEventLoop": True,
        "functionName": "f",
        "functionVersion": "$LATEST",
        "invokedFunctionArn": f"{RESOURCE}f",
        "logGroupName": "/aws/lambda/f",
        "memoryLimitInMB": "512",
    }


def test_the_environment_and_the_folder(process: NodeFunction, tmp_path: Path) -> None:
    here = FOLDER / "module.mjs"
    assert call(NodeFunction(here, "environment", {"TABLE": "ü"}), "TABLE").output == "ü"
    assert call(NodeFunction(here, "environment"), "AWS_REGION").output == "us-east-1"
    (tmp_path / "src").mkdir()
    (tmp_path / "package.json").write_text("{}")
    shutil.copy(here, tmp_path / "src")
    assert call(NodeFunction(tmp_path / "src" / "module.mjs", "folder")).output == str(tmp_path.resolve())


def test_what_functions_print_has_their_names(
    process: NodeFunction, capfd: pytest.CaptureFixture[str]
) -> None:
    # A process of its own: it writes to the standard error that it was started with.
    ran = call(NodeFunction(FOLDER / "module.mjs", "print", {"OWN": "1"}), "ü")
    assert (ran.status, ran.output) == ("SUCCEEDED", None)
    assert capfd.readouterr() == ("", '[f] one\n[f] two 3\n[f] {"id": 1}\n[f] ü\n')


def test_calls_at_the_same_time_run_in_one_process(process: NodeFunction) -> None:
    doer = LambdaFunctions([("f", NodeFunction(FOLDER / "module.mjs", "meet"))])
    assert for_each().run([1] * 40, integrations=[doer], max_workers=40).output == [40] * 40


def test_lambda_invoke(process: NodeFunction) -> None:
    payload = {"FunctionName": "f", "Payload.$": "$"}
    invoke = {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": payload}
    ran = call(NodeFunction(FOLDER / "module.mjs", "echo"), {"order": 7}, **invoke)
    assert (ran.output["Payload"], ran.output["StatusCode"]) == ({"order": 7}, 200)
    assert ran.output["SdkHttpMetadata"]["HttpHeaders"]["Content-Length"] == str(len('{"order":7}'))
    failed = call(NodeFunction(FOLDER / "module.mjs", "decline"), {}, **invoke)
    assert failed.error == "Card.Declined"


def test_a_large_event_and_result(process: NodeFunction) -> None:
    assert call(NodeFunction(FOLDER / "module.mjs", "echo"), "ü" * 1_000_000).output == "ü" * 1_000_000
    limited = machine()
    doer = LambdaFunctions([("f", NodeFunction(FOLDER / "module.mjs", "large"))])
    assert limited.run(262_200, integrations=[doer]).error == "States.DataLimitExceeded"


def test_a_result_that_is_nested_too_deeply(process: NodeFunction, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str) -> None:
        raise ValueError("nested too deeply")

    monkeypatch.setattr("asltool.integrations.node_function.loads", refuse)
    ran = call(NodeFunction(FOLDER / "module.mjs", "echo"), 1)
    assert ran.error == "Runtime.MarshalError"
    assert json.loads(ran.cause or "")["errorMessage"].endswith(
        "Unable to marshal response: nested too deeply"
    )


@pytest.mark.parametrize(
    ("status", "how"),
    [(0, "Runtime exited without providing a reason"), (3, "Runtime exited with error: exit status 3")],
)
def test_a_function_that_exits(process: NodeFunction, status: int, how: str) -> None:
    ran = call(NodeFunction(FOLDER / "module.mjs", "exit"), status)
    assert ran.error == "Runtime.ExitError"
    cause = json.loads(ran.cause or "")
    assert cause["errorMessage"].partition(" Error: ")[2] == how
    assert call(NodeFunction(FOLDER / "module.mjs", "echo"), "on it goes").output == "on it goes"


def test_other_calls_run_again_when_a_function_exits(process: NodeFunction) -> None:
    doer = LambdaFunctions([("f", NodeFunction(FOLDER / "module.mjs", "exitFor"))])
    catch = {"ErrorEquals": ["Runtime.ExitError"], "Next": "exited"}
    ran = for_each("exited", Catch=[catch]).run(["exit", 300], integrations=[doer])
    assert ran.output == ["exited", "ran again"]


@pytest.mark.parametrize(("deaths", "error", "output"), [(1, None, "alive"), (2, "Runtime.ExitError", None)])
def test_a_killed_process_is_restarted_once(
    process: NodeFunction, tmp_path: Path, deaths: int, error: str | None, output: str | None
) -> None:
    log = tmp_path / "deaths"
    ran = call(NodeFunction(FOLDER / "module.mjs", "die"), [str(log), deaths])
    assert (ran.error, ran.output) == (error, output)
    assert error is None or "Runtime exited with error: signal: killed" in (ran.cause or "")
    assert log.read_text() == "died\n" * deaths
    assert call(NodeFunction(FOLDER / "module.mjs", "echo"), 1).output == 1


def test_a_function_that_blocks_its_process(process: NodeFunction) -> None:
    ran = call(NodeFunction(FOLDER / "module.mjs", "loop"), TimeoutSeconds=1)
    assert ran.error == "States.Timeout"
    assert call(NodeFunction(FOLDER / "module.mjs", "echo"), 1).output == 1


def test_the_timeout_of_a_function(process: NodeFunction) -> None:
    ran = call(NodeFunction(FOLDER / "module.mjs", "sleep", seconds=0.05))
    assert ran.error == "Sandbox.Timedout"
    message = json.loads(ran.cause or "")["errorMessage"]
    assert message.partition(" Error: ")[2] == "Task timed out after 0.05 seconds"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_its_run(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(FOLDER / "module.mjs")], stderr=subprocess.PIPE, encoding="utf-8"
    ) as ran:
        assert ran.stderr is not None
        pid = ran.stderr.readline().removeprefix("[f] ")
        assert pid.strip().isdigit()
        ran.send_signal(number)
        # Standard error ends when neither process has it any more.
        ran.communicate(timeout=60)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import './nowhere.mjs'", "cannot be loaded: Error [ERR_MODULE_NOT_FOUND]: Cannot find module"),
        ("import 'no-package'", "cannot be loaded: Error [ERR_MODULE_NOT_FOUND]: Cannot find package"),
        (
            "1;\nexport const = 1",
            "cannot be loaded: SyntaxError: Unexpected token '='\n{path}:2\nexport const = 1",
        ),
        ("throw new Error('too soon')", "cannot be loaded: Error: too soon\n    at file://{path}:1:7"),
        ("await new Promise(() => {{}})", "cannot be loaded: its top-level await never ends"),
        ("export const Handler = 1", 'has no function "handler"'),
        ("export const handler = 1", 'has no function "handler"'),
    ],
)
def test_a_file_that_cannot_be_loaded(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path.resolve() / "index.mjs"
    path.write_text(text.format())
    with pytest.raises(TasksError) as raised:
        call(NodeFunction(path))
    function = 'function "f", on Node.js:'
    assert str(raised.value).startswith(f"{function} {path} {message.format(path=path)}")
    assert "node:internal" not in str(raised.value)


def test_a_node_that_is_missing_too_old_or_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "node"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TasksError) as raised:
        NodeFunction(FOLDER / "module.mjs")
    assert str(raised.value) == (
        f'{FOLDER / "module.mjs"}: Node.js is needed, and there is no program "node". '
        "install Node.js 18 or later"
    )
    for version, message in [
        ("v16.20.2", "Node.js v16.20.2 is too old. install Node.js 18 or later"),
        ("none", '"node" does not start: Runtime exited with error: exit status 3'),
    ]:
        program.write_text(f"#!/bin/sh\necho {version}; exit 3")
        program.chmod(0o755)
        with pytest.raises(TasksError, match=f"^{message}$"):
            call(NodeFunction(FOLDER / "module.mjs", variables={"VERSION": version}))


def test_named_functions(tmp_path: Path) -> None:
    name, function = named_function(f"charge={FOLDER / 'module.mjs'}:nested.deep.handler")
    assert isinstance(function, NodeFunction)
    assert (name, call(function).output) == ("charge", "found")
    with pytest.raises(TasksError, match=r"^nowhere\.mjs does not exist$"):
        named_function("charge=nowhere.mjs:f")
    with pytest.raises(TasksError, match=r"^app\.ts is TypeScript\. build it, and pass the JavaScript file"):
        named_function("charge=app.ts:handler")


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: nodejs20.x, Timeout: 7, Environment: {Variables: {TABLE: orders}}}}
Resources:
  Charge: {Type: AWS::Serverless::Function, Properties: {CodeUri: charge, Handler: src/app.api.handler}}
  Ship: {Type: AWS::Serverless::Function, Properties: {CodeUri: ship, Handler: app.handler, MemorySize: 256}}
  Built: {Type: AWS::Serverless::Function, Properties: {CodeUri: built, Handler: app.handler}}
  Lost: {Type: AWS::Serverless::Function, Properties: {CodeUri: lost, Handler: app.handler}}
  Wrong: {Type: AWS::Serverless::Function, Properties: {CodeUri: lost, Handler: app}}
"""
SHOWS = """async (event, context) => {
  const seconds = Math.ceil(context.getRemainingTimeInMillis() / 1000);
  return [process.env.TABLE, process.cwd(), context.memoryLimitInMB, seconds];
}"""


def test_the_functions_of_a_template(tmp_path: Path) -> None:
    for path, text in {
        "template.yaml": TEMPLATE,
        "charge/src/app.js": f"exports.api = {{ handler: {SHOWS} }}",
        "ship/app.ts": "",
        "built/src/app.ts": "",
        ".aws-sam/build/Built/app.mjs": f"export const handler = {SHOWS}",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    functions = LambdaFunctions.from_template(str(tmp_path / "template.yaml"))
    place = tmp_path.resolve()
    for name, folder in [("Charge", place / "charge"), ("Built", place / ".aws-sam" / "build" / "Built")]:
        called = {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": name}}
        ran = machine(**called).run({}, integrations=[functions])
        assert ran.output["Payload"] == ["orders", str(folder), "128", 7]
    missing = f'has no file "app.js", "app.mjs" or "app.cjs" in {tmp_path}'
    assert {name: reason for name, reason in functions.others.items() if "$" not in name} == {
        "Ship": f'{missing}/ship. build app.ts first: run "sam build"',
        "Lost": f"{missing}/lost",
        "Wrong": 'invalid handler "app". expected "file.function"',
    }


def test_functions_of_a_template_without_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    monkeypatch.setenv("PATH", "")
    reasons = LambdaFunctions.from_template(str(tmp_path / "template.yaml")).others
    missing = 'cannot run: Node.js is needed, and there is no program "node". install Node.js 18 or later'
    assert set(reasons.values()) == {missing}


def test_a_debugger_stops_no_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--enable-source-maps --inspect-port=0")
    ran = call(NodeFunction(FOLDER / "module.mjs", "slow", seconds=0.01))
    assert (ran.status, ran.output) == ("SUCCEEDED", "slept")


def test_the_folders_with_the_code_of_a_function(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "src" / "api").mkdir(parents=True)
    (tmp_path / "src" / "api" / "index.mjs").write_text("")
    function = NodeFunction(tmp_path / "src" / "api" / "index.mjs")
    place = tmp_path.resolve()
    assert LambdaFunctions([("f", function)]).folders == {place, place / "src" / "api"}
