"""``asltool run`` as a user sees it: standard output, standard error, exit status, files."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

ROOT = Path(__file__).parent.parent.parent
ETL = ROOT / "samples" / "etl"
TASKS = ["--tasks", str(ETL / "tasks.py")]


def invoke(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["run", *args], input=stdin)


def etl(name: str, *args: str) -> Result:
    return invoke(str(ETL / "etl.asl.json"), *TASKS, "--input", f"@{ETL / 'inputs' / name}.json", *args)


def write(folder: Path, **state: object) -> str:
    path = folder / "m.asl.json"
    path.write_text(json.dumps({"StartAt": "S", "States": {"S": {"End": True, **state}}}))
    return str(path)


def test_a_good_file_succeeds(tmp_path: Path) -> None:
    # Other tests run the sample at the same time, and it writes to its own folder.
    sample = Path(shutil.copytree(ETL, tmp_path / "etl"))
    tasks, given = sample / "tasks.py", sample / "inputs" / "good.json"
    result = invoke(str(sample / "etl.asl.json"), "--tasks", str(tasks), "--input", f"@{given}")
    assert (result.exit_code, result.stderr) == (0, "")
    output = json.loads(result.stdout)
    assert output["TotalRevenue"] == 2300.9
    assert output["RevenueByRegion"] == {"east": 1428.0, "south": 363.5, "west": 284.9, "north": 224.5}
    written = json.loads((sample / "out" / "revenue.json").read_text())
    assert written[0] == {"region": "east", "orders": 2, "items": 5, "revenue": 1428.0}


def test_a_file_with_bad_rows_fails_and_names_them() -> None:
    result = etl("bad_rows")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "FAILED\n"
        "error: Etl.DataRejected\n"
        "cause: orders_bad_rows.csv was rejected: row 2 (ordered_on is not a date); "
        "row 3 (quantity is not a positive number); row 4 (region is empty); "
        "row 6 (unit_price is not a number, order_id is there twice)\n"
        'failed in state "Data Rejected", whose input was\n'
        '       {"file":"orders_bad_rows.csv","output":"revenue.json","throttled_attempts":0,'
        '"validation":{"valid":false,"rows":6,"problems":"row 2 (ordered_on is not a date); '
        "row 3 (quantity is not a positive number); row 4 (region is empty); "
        'row 6 (unit_price is not a number, order_id is there twice)"}}\n'
    )


def test_a_flaky_job_is_retried(tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    result = etl("flaky_job", "--history", str(history), "--progress")
    assert result.exit_code == 0
    events = json.loads(history.read_text())["events"]
    assert [event["type"] for event in events].count("TaskFailed") == 2
    words = [line.split()[0] for line in result.stderr.splitlines()]
    assert words == ["enter", "leave", "enter", "leave", "enter", "error", "retry", "error", "retry", "leave"]


def test_the_delays_are_as_retry_says(tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    etl("flaky_job", "--history", str(history))
    events = json.loads(history.read_text())["events"]
    scheduled = [event for event in events if event["type"] == "TaskScheduled"]
    failed = [event for event in events if event["type"] == "TaskFailed"]
    for fails, again, longest in zip(failed, scheduled[1:], (10, 20), strict=True):
        assert again["previousEventId"] == fails["id"]
        waited = datetime.fromisoformat(again["timestamp"]) - datetime.fromisoformat(fails["timestamp"])
        assert 0 <= waited.total_seconds() <= longest


def test_a_diagram_of_the_run(tmp_path: Path) -> None:
    diagram = tmp_path / "run.svg"
    assert etl("good", "--diagram", str(diagram)).exit_code == 0
    assert "Glue ETL Job" in diagram.read_text(encoding="utf-8")


def test_input_from_standard_input(tmp_path: Path) -> None:
    result = invoke(write(tmp_path, Type="Pass"), "--input", "-", stdin='{"a": [1, "ö"]}')
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"a": [1, "ö"]})


def test_no_input_is_an_empty_object(tmp_path: Path) -> None:
    assert invoke(write(tmp_path, Type="Pass")).stdout == "{}\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["--input", "{"],
            "asltool run: --input is not JSON: Expecting property name enclosed in double quotes",
        ),
        (["--input", "NaN"], "asltool run: --input is not JSON: NaN is not JSON"),
        (["--input", "@nowhere.json"], 'asltool run: "nowhere.json" does not exist'),
        (
            ["--diagram", "x.bmp"],
            'asltool run: unknown format ".bmp": "x.bmp". expected one of .svg, .png',
        ),
    ],
)
def test_wrong_usage(tmp_path: Path, args: list[str], message: str) -> None:
    result = invoke(write(tmp_path, Type="Pass"), *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


def test_no_handler(tmp_path: Path) -> None:
    resource = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
    result = invoke(write(tmp_path, Type="Task", Resource=resource))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f'asltool run: no handler for "{resource}", the Resource of state "S". add\n\n'
        '    @tasks.handler("charge-card")\n    def charge_card(event, context): ...\n\n'
        "or use the function of a Lambda project: --lambda 'charge-card=app.py:lambda_handler', "
        "--sam template.yaml (integrations=[asltool.LambdaFunctions(...)])\n"
    )


def test_a_broken_definition(tmp_path: Path) -> None:
    result = invoke(write(tmp_path, Type="Pass", Next="T"))
    assert result.exit_code == 2
    assert 'state "T" does not exist' in result.stderr


def test_help_says_everything() -> None:
    text = invoke("--help").stdout
    assert all(
        word in text for word in ("Examples:", "Exit status:", "--tasks", "--input", "--history", "--diagram")
    )


def test_placeholders_are_named_before_missing_handlers(tmp_path: Path) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "${Undo}"}]
    result = invoke(
        write(
            tmp_path, Type="Task", Resource="arn:aws:lambda:us-east-1:123456789012:function:work", Catch=catch
        )
    )
    assert (result.exit_code, result.stdout) == (2, "")
    wanted = '"Catch[0]/Next" of state "S" is "${Undo}": fill it in before you run the machine'
    assert result.stderr == f"asltool run: {wanted}\n"
