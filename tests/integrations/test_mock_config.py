"""Mock configuration files: each case in tests/cases/integrations/mocks, and what files of any kind do."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool import MockConfig, MockError

FOLDER = Path(__file__).parent.parent / "cases" / "integrations" / "mocks"
CASES = yaml.safe_load((FOLDER / "mock_config.yaml").read_text("utf-8"))
WRONG = yaml.safe_load((FOLDER / "mock_config_wrong.yaml").read_text("utf-8"))
USES_R = '{"StateMachines": {"M": {"TestCases": {"Happy": {"S": "R"}}}},\n "MockedResponses": {"R": %s}}'


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    mocks = MockConfig.loads(json.dumps(case["config"])).mocks(case.get("test_case", "Happy"))
    run = asltool.load(case["definition"]).run(case.get("input", {}), integrations=[mocks])
    types = [event["type"] for event in run.history]
    details = [event["taskFailedEventDetails"] for event in run.history if event["type"] == "TaskFailed"]
    found = {
        "status": run.status,
        "output": run.output,
        "error": run.error,
        "cause": run.cause,
        "failed": [[failed["error"], failed.get("cause")] for failed in details],
        "tasks": [kind for kind in types if kind.startswith(("Task", "Activity")) and "State" not in kind],
    }
    assert {name: found[name] for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["name"])
def test_what_cannot_be_used_is_told_with_its_place(case: dict[str, Any]) -> None:
    text = case["text"] if "text" in case else USES_R % case["responses"]
    with pytest.raises(MockError) as raised:
        MockConfig.loads(text).mocks(case.get("test_case", "Happy"))
    assert str(raised.value) == case["message"]


def test_only_the_test_case_that_is_asked_for_has_to_be_right() -> None:
    text = '{"StateMachines": {"M": {"TestCases": {"Happy": {}, "Sad": {"S": "R"}}}}, "MockedResponses": {}}'
    config = MockConfig.loads(text)
    assert config.test_cases == ["M#Happy", "M#Sad"]
    assert config.mocks("Happy").task("S").call_count == 0


def test_a_state_that_no_machine_has() -> None:
    text = USES_R.replace('"S"', '"Glue Jop"') % '{"0": {"Return": 1}}'
    job = {"StartAt": "Glue Job", "States": {"Glue Job": {"Type": "Succeed"}}}
    outer = {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [job], "End": True}}}
    other = {"StartAt": "Glue Jop", "States": {"Glue Jop": {"Type": "Succeed"}}}
    config, machine = MockConfig.loads(text), asltool.load(outer)
    with pytest.raises(MockError) as raised:
        config.mocks("Happy", machine)
    assert str(raised.value) == (
        "mocks.json:1:50: StateMachines.M.TestCases.Happy.Glue Jop: "
        'no state machine has the state "Glue Jop". did you mean "Glue Job"?'
    )
    assert config.mocks("Happy", machine, asltool.load(other)).task("Glue Jop").call_count == 0


def test_a_file_may_be_yaml(tmp_path: Path) -> None:
    path = tmp_path / "mocks.yaml"
    path.write_text(yaml.safe_dump(CASES[0]["config"]))
    mocks = MockConfig.load(path).mocks("M#Happy")
    run = asltool.load(CASES[0]["definition"]).run(integrations=[mocks])
    assert run.output == {"MessageId": "1"}
    assert mocks.task("S").inputs == [{"QueueUrl": "q"}]


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "mocks.json"
    path.write_bytes(b"\xff")
    with pytest.raises(MockError, match=r"mocks.json is not UTF-8: byte 0 cannot be read$"):
        MockConfig.load(path)


_KEYS = st.sampled_from(["0", "1", "1-2", "0-", "Return", "Throw", "Error", "Cause", "R", "S", "TestCases"])
_VALUES: Any = st.recursive(
    st.none() | st.integers() | st.sampled_from(["R", "S", "E"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)
_CONFIGS = st.fixed_dictionaries(
    {
        "StateMachines": _VALUES | st.just({"M": {"TestCases": {"Happy": {"S": "R"}}}}),
        "MockedResponses": _VALUES | st.dictionaries(st.just("R"), _VALUES),
    }
)


@given(_CONFIGS | _VALUES)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_json_works_or_is_refused(value: Any) -> None:
    with suppress(MockError):
        MockConfig.loads(json.dumps(value)).mocks("Happy")


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_works_or_is_refused(text: str) -> None:
    for path in ("mocks.json", "mocks.yaml"):
        with pytest.raises(MockError):
            MockConfig.loads(text, path)
