"""``asltool import glue``: sources, what is written for them, and what is said.

Each folder of ``tests/cases/convert/glue`` has a source, the files that are written for it, and ``out.txt``.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.cli import main
from asltool.convert.glue.machine import imported
from asltool.convert.glue.reading import read_workflows
from asltool.errors import AslToolError
from asltool.rules import validate
from asltool.syntax.reader import read

CASES = Path(__file__).parents[1] / "cases" / "convert" / "glue"
PLACE = ("123456789012", "us-east-1")


def invoke(*args: str) -> Result:
    return CliRunner().invoke(main, ["import", "glue", *args])


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: str(case.name))
def test_source(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = next(each for each in case.iterdir() if each.stem in ("main", "source"))
    shutil.copy(source, tmp_path)
    result = invoke("." if source.suffix == ".tf" else source.name, "-o", "made.asl.json")
    written = {each.name: each.read_text("utf-8") for each in tmp_path.glob("made*")}
    said = f"exit {result.exit_code}\n{result.stdout}{result.stderr}"
    if os.environ.get("UPDATE_CASES"):
        (case / "out.txt").write_text(said, "utf-8")
        for name, text in written.items():
            (case / name).write_text(text, "utf-8")
    assert said == (case / "out.txt").read_text("utf-8")
    assert written == {each.name: each.read_text("utf-8") for each in case.glob("made*")}
    for name, text in written.items():
        if name.endswith(".asl.json"):
            assert validate(read(text, name)) == []


def test_one_of_several_workflows() -> None:
    source = str(CASES / "repair_template" / "source.yaml")
    result = invoke(f"{source}#flow")
    assert (result.exit_code, json.loads(result.stdout)["StartAt"]) == (0, "Start")
    assert "alone" not in result.stdout + result.stderr
    result = invoke(source)
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "there are 3 workflows: flow, alone, Either. name one with SOURCE#NAME, or pass -o" in result.stderr
    )
    result = invoke(f"{source}#other")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'has no workflow "other". it has flow, alone, Either' in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "source.json has no workflow and no trigger of Glue"),
        ("{", 'source.json:1:1: this "{" is never closed'),
        (
            '{"Resources": {"F": {"Type": "AWS::Glue::Workflow"}}}',
            'workflow "F" has no trigger that starts anything',
        ),
    ],
)
def test_a_source_without_anything_to_import(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("source.json").write_text(text)
    result = invoke("source.json", "-o", "made.asl.json")
    assert result.exit_code == (1 if "Resources" in text else 2)
    assert message in result.stderr
    assert not Path("made.asl.json").exists()


any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["${a}", "SUCCEEDED", "ANY"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def mutated(value: Any, data: st.DataObject) -> Any:
    """Return a value of which one part is another one, or missing."""
    if isinstance(value, dict | list) and value and data.draw(st.integers(0, 9)):
        steps = list(value) if isinstance(value, dict) else list(range(len(value)))
        step = data.draw(st.sampled_from(steps))
        made = dict(value) if isinstance(value, dict) else list(value)
        if data.draw(st.integers(0, 9)):
            made[step] = mutated(value[step], data)
        else:
            del made[step]
        return made
    return data.draw(any_json)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(data=st.data())
def test_any_source_is_imported_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = data.draw(st.sampled_from(["nightly_graph/source.json", "repair_template/source.yaml"]))
    from asltool.integrations.template_document import template_document

    source = tmp_path_factory.getbasetemp() / "source.json"
    value = template_document(str(CASES / name)).value
    for _ in range(data.draw(st.integers(1, 3))):
        value = mutated(value, data)
    source.write_text(json.dumps(value))
    try:
        found = read_workflows(str(source), PLACE)
    except AslToolError:
        return
    for workflow in found.workflows:
        try:
            made = imported(workflow, found.labels)
        except AslToolError:
            continue
        assert validate(read(json.dumps(made.definition), "made.asl.json")) == []


def workflow_file(path: Path, *names: str) -> str:
    """Write a template with workflows of these names, each started by two schedules; return its path."""
    resources: dict[str, Any] = {}
    for number, name in enumerate(names):
        resources[f"W{number}"] = {"Type": "AWS::Glue::Workflow", "Properties": {"Name": name}}
        for place, trigger in enumerate(("every-day", "every day")):
            properties = {
                "Name": trigger,
                "Type": "SCHEDULED",
                "Schedule": f"cron({place} 1 * * ? *)",
                "StartOnCreation": True,
                "WorkflowName": name,
                "Actions": [{"JobName": f"job{place}"}],
            }
            resources[f"T{number}{place}"] = {"Type": "AWS::Glue::Trigger", "Properties": properties}
    path.write_text(json.dumps({"Resources": resources}), "utf-8")
    return str(path)


@pytest.mark.parametrize("output", ["flow.template.json", "flow.asl.json"])
def test_the_source_is_never_written_over(tmp_path: Path, output: str) -> None:
    source = workflow_file(tmp_path / "flow.template.json", "nightly")
    result = invoke(source, "-o", str(tmp_path / output))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is the source. pass another name with -o" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["flow.template.json"]
    assert "AWS::Glue::Workflow" in Path(source).read_text("utf-8")


def test_two_workflows_are_never_written_to_one_file(tmp_path: Path) -> None:
    source = workflow_file(tmp_path / "source.json", "a b", "a/b")
    result = invoke(source, "-o", str(tmp_path / "flow.asl.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'flow-a-b.asl.json". name one with SOURCE#NAME' in result.stderr
    assert not (tmp_path / "flow-a-b.asl.json").exists()


def test_every_schedule_is_in_the_template_even_if_names_are_alike(tmp_path: Path) -> None:
    source = workflow_file(tmp_path / "source.json", "nightly")
    assert invoke(source, "-o", str(tmp_path / "flow.asl.json")).exit_code == 0
    made = json.loads((tmp_path / "flow.template.json").read_text("utf-8"))
    events = made["Resources"]["Nightly"]["Properties"]["Events"]
    assert {name: each["Properties"]["Schedule"] for name, each in events.items()} == {
        "EveryDay": "cron(0 1 * * ? *)",
        "EveryDay1": "cron(1 1 * * ? *)",
    }


def test_on_standard_output_it_says_that_what_starts_it_is_not_written(tmp_path: Path) -> None:
    result = invoke(workflow_file(tmp_path / "source.json", "nightly"))
    assert (result.exit_code, json.loads(result.stdout)["StartAt"]) == (0, "Start")
    assert result.stderr.endswith("the triggers are written only with -o\n")
