"""Exploring: what is found from nothing, what is proved out of reach, and that all of it is so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool.history.targets import targets
from asltool.machine import Machine
from asltool.syntax.expressions import Expressions
from asltool.syntax.model import ABSENT, Choice
from asltool.testing.case_files import read_cases
from asltool.testing.case_runs import run_case
from asltool.testing.coverage import Coverage
from asltool.testing.explore import Exploration, explore
from asltool.testing.explore.data import ChoiceData
from asltool.testing.explore.lenses import AS_JSON, LENGTH, NotSolved, affix, get, plus, put
from asltool.testing.explore.patterns import matching
from asltool.testing.explore.proofs import unreachable
from asltool.testing.explore.search import Search
from asltool.testing.explore.solving import Decider, outer_first
from asltool.testing.explore.templates import template_terms
from asltool.testing.explore.terms import Constant, Unclear, ValueRead

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT / "tests" / "cases" / "testing" / "explore"
CHOICES = yaml.safe_load((CASES / "choices.yaml").read_text("utf-8"))
JSONATA = yaml.safe_load((CASES / "jsonata.yaml").read_text("utf-8"))
MACHINES = yaml.safe_load((CASES / "machines.yaml").read_text("utf-8"))
SAMPLES = sorted(p for p in (ROOT / "samples").rglob("*.asl.json") if "broken" not in p.parts)
CORPUS = ROOT.parent / "shared" / "validation" / "real-world.jsonl"

REAL = yaml.safe_load((CASES / "real_world.yaml").read_text("utf-8"))


def decider(case: dict[str, Any]) -> Decider:
    rules = case.get("rules") or [{"Condition": condition} for condition in case["jsonata"]]
    state = {"Type": "Choice", "Choices": [{**rule, "Next": "End"} for rule in rules], "Default": "End"}
    if "jsonata" in case:
        state["QueryLanguage"] = "JSONata"
    machine = asltool.load({"StartAt": "C", "States": {"C": state, "End": {"Type": "Succeed"}}})
    choice = machine.model.states["C"]
    assert isinstance(choice, Choice)
    return Decider(choice)


@pytest.mark.parametrize("case", CHOICES, ids=lambda case: case["name"])
def test_a_decision_is_solved(case: dict[str, Any]) -> None:
    choice, given_data = decider(case), ChoiceData(case.get("input", {}))
    for index, wanted in enumerate(case["wants"]):
        wish = next(choice.wishes(given_data, index), None)
        if wanted is None:
            assert wish is None
            continue
        assert wish is not None
        data = given_data
        for read in outer_first(wish):
            data = data.with_value(read, wish[read])
        assert data.document == wanted
        assert choice.decide(data) == (index, True)


@pytest.mark.parametrize("case", MACHINES, ids=lambda case: case["name"])
def test_a_machine_is_explored(case: dict[str, Any]) -> None:
    machine = asltool.load(case["machine"])
    found = explore(machine)
    assert [found.targets[target] for target in found.missing] == case.get("missing", [])
    assert {found.targets[target]: why for target, why in found.proofs.items()} == case.get("unreachable", {})
    endless = [text for target, text in found.targets.items() if target in found.endless]
    assert endless == case.get("endless", [])
    assert list(found.loops) == case.get("loops", [])
    assert len(found.reached) == case["reached"]
    assert list(found.distributed) == case.get("distributed", [])
    written = [each.case("m.asl.json") for each in found.found]
    if "inputs" in case:
        assert [each["input"] for each in written] == case["inputs"]
    if "tasks" in case:
        assert [each["tasks"] for each in written] == case["tasks"]


@pytest.mark.parametrize("case", MACHINES, ids=lambda case: case["name"])
def test_what_is_proved_is_not_reached_by_a_search_that_tries(case: dict[str, Any]) -> None:
    machine = asltool.load(case["machine"])
    search = Search(machine, {target for target, _ in targets(machine.model)}, go_on=at_most(300))
    search.run()
    reached = {target for trial in search.known for target in trial.reached}
    assert not reached & unreachable(machine.model).keys()


def at_most(runs: int) -> Any:
    left = iter(range(runs))
    return lambda: next(left, None) is not None


def covered(found: Exploration, machine: Machine, folder: Path) -> Coverage:
    """Write the cases of a machine, run them, and return how far they came."""
    (folder / "m.asl.json").write_text(json.dumps(machine.definition), "utf-8")
    coverage = Coverage()
    for number, each in enumerate(found.found):
        path = folder / f"{number}.asltest.yaml"
        path.write_text(yaml.safe_dump(each.case("m.asl.json", f"s3/{number}"), sort_keys=False), "utf-8")
        each.write_objects(folder / "s3" / str(number))
        (case,) = read_cases(path)
        result = run_case(case)
        assert not result.problems, result.report
        assert result.run is not None
        coverage.add_story("m", machine.model, result.run.story)
    return coverage


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_cases_of_the_samples_reach_everything_when_they_are_run(path: Path, tmp_path: Path) -> None:
    machine = asltool.load(path)
    found = explore(machine)
    assert found.missing == []
    (missed,) = [each.missing for each in covered(found, machine, tmp_path).machines.values()]
    assert {*missed} & found.targets.keys() == set(found.proofs)


@pytest.mark.parametrize("case", JSONATA, ids=lambda case: case["name"])
def test_machines_of_work_are_reached_almost_everywhere(case: dict[str, Any]) -> None:
    machine = asltool.load(case["machine"])
    assert 15 <= len(list(machine.model.walk_states())) <= 25
    found = explore(machine, go_on=at_most(250))
    reachable = len(found.targets) - len(found.proofs)
    assert (len(found.reached) + len(found.missing), len(found.endless)) == (reachable, 0)
    assert len(found.reached) >= 0.95 * reachable, found.report()


@pytest.mark.parametrize("regex", yaml.safe_load((CASES / "patterns.yaml").read_text("utf-8")))
def test_a_string_that_matches_a_pattern_is_made(regex: str) -> None:
    (text, *_) = matching(regex)
    expression = f"{{% $contains($states.input, {regex}) %}}"
    state = {"Type": "Pass", "Output": expression, "End": True}
    machine = asltool.load({"QueryLanguage": "JSONata", "StartAt": "P", "States": {"P": state}})
    assert machine.run(text).output is True


def test_the_same_seed_finds_the_same_cases() -> None:
    machine = asltool.load(MACHINES[2]["machine"])
    one, other = explore(machine, seed=5), explore(machine, seed=5)
    assert [each.case("m") for each in one.found] == [each.case("m") for each in other.found]
    assert one.runs == other.runs


def test_what_is_known_is_not_looked_for() -> None:
    machine = asltool.load(MACHINES[0]["machine"])
    first = explore(machine)
    rest = explore(machine, known=set(first.found[0].targets))
    assert [each.targets for each in rest.found] == [first.found[1].targets]
    assert rest.report().startswith("reached 9 of 9, 7 of them by existing cases; ")
    assert explore(machine, known=first.reached).runs == 0


def test_a_search_that_is_stopped_says_so() -> None:
    found = explore(asltool.load(MACHINES[0]["machine"]), go_on=at_most(1))
    assert found.runs == 1
    assert found.report().splitlines()[-1] == "  out of time before everything was tried"


def test_a_patient_search_goes_on_with_random_values() -> None:
    condition = "{% $states.input.price * 3 = 51 %}"  # no value in the definition makes it true
    choice = {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "End"}], "Default": "End"}
    states = {"C": choice, "End": {"Type": "Succeed"}}
    machine = asltool.load({"QueryLanguage": "JSONata", "StartAt": "C", "States": states})
    assert len(explore(machine).missing) == 1
    patient = explore(machine, patient=True, go_on=at_most(5000))
    assert (patient.missing, patient.out_of_time) == ([], False)


def test_a_patient_search_ends_where_no_value_can_be_changed() -> None:
    condition = "{% $random() > 2 %}"
    choice = {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "End"}], "Default": "End"}
    states = {"C": choice, "End": {"Type": "Succeed"}}
    machine = asltool.load({"QueryLanguage": "JSONata", "StartAt": "C", "States": states})
    found = explore(machine, patient=True)
    assert (len(found.missing), found.out_of_time) == (1, False)


READERS = yaml.safe_load((CASES / "readers.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", READERS, ids=lambda case: case["name"])
def test_objects_in_s3_are_made(case: dict[str, Any], tmp_path: Path) -> None:
    inside = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "In"}
    inside["States"] = {"In": {"Type": "Pass", "End": True}}
    catch = [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "End"}]
    state = {"Type": "Map", "ItemProcessor": inside, "Catch": catch, "Next": "End"} | case["map"]
    machine = asltool.load({"StartAt": "M", "States": {"M": state, "End": {"Type": "Succeed"}}})
    found = explore(machine)
    assert [found.targets[target] for target in found.missing] == case.get("missing", [])
    covered(found, machine, tmp_path)
    paths = sorted(path for path in tmp_path.glob("s3/*/*/**/*") if path.is_file())
    written = {path.relative_to(tmp_path / "s3").as_posix(): path.read_text("utf-8") for path in paths}
    assert written == case["written"]


def test_why_a_machine_could_not_be_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise asltool.AslToolError("no")

    monkeypatch.setattr("asltool.testing.explore.search.run_script", refuse)
    found = explore(asltool.load(MACHINES[0]["machine"]))
    assert found.problem == "no"
    assert "  could not be run: no" in found.report().splitlines()


def real_machines() -> Iterator[Any]:
    for line in CORPUS.read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["id"] in REAL:
            filled = re.sub(r"\$\{(\w+)\}", r"\1", json.dumps(record["definition"]))  # as a deployment does
            yield record["id"], asltool.load(json.loads(filled))


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.exists(), reason="needs the validation corpus beside the repository")
def test_real_machines_are_reached_as_far_as_they_can_be(tmp_path: Path) -> None:
    for name, machine in real_machines():
        found = explore(machine)
        folder = tmp_path / name
        folder.mkdir()
        (missed,) = [each.missing for each in covered(found, machine, folder).machines.values()]
        told = {found.targets[target]: why for target, why in found.proofs.items()}
        assert (len(found.targets), told) == (REAL[name]["targets"], REAL[name].get("unreachable", {})), name
        assert set(missed) == set(found.proofs), name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=2),
)
STEPS = st.lists(st.sampled_from(["a", "b", 0, 1, -1, AS_JSON, LENGTH, affix("<", ">"), plus(2)]), max_size=4)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(JSON, STEPS, JSON)
def test_what_was_put_is_there_or_was_refused(value: Any, steps: list[Any], new: Any) -> None:
    try:
        changed = put(value, steps, new)
    except NotSolved:
        return
    assert get(changed, steps) == new
    assert get(put(changed, steps, new), steps) == new


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.text("$.[]()*@?'\",: %{}abStates.MathAdd0123", max_size=25), st.booleans())
def test_any_text_is_taken_apart_or_unclear(text: str, is_jsonata: bool) -> None:
    written = f"{{% {text} %}}" if is_jsonata else {"a.$": text}
    value = Expressions().template(written, "JSONata" if is_jsonata else "JSONPath")
    for term in template_terms(value, () if is_jsonata else ("a",)):
        assert isinstance(term, Constant | ValueRead | Unclear)


def test_taking_a_value_away_leaves_the_rest() -> None:
    assert put({"a": {"b": 1, "c": 2}}, ["a", "b"], ABSENT) == {"a": {"c": 2}}
    assert put([1, 2, 3], [1], ABSENT) == [1]
    assert put({"t": '{"x":1}'}, ["t", AS_JSON, "x"], ABSENT) == {"t": "{}"}


def test_a_way_that_leads_to_a_placeholder_is_to_be_filled_in_first() -> None:
    machine = asltool.load({"StartAt": "${First}", "States": {"S": {"Type": "Succeed"}}})
    with pytest.raises(
        asltool.DefinitionError, match=r'"StartAt" is "\$\{First\}": fill it in before you run'
    ):
        explore(machine)
