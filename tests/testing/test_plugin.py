"""The pytest plugin, in pytest runs of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ETL = Path(__file__).parent.parent.parent / "samples" / "etl" / "etl.asl.json"

RETRIED = """
def test_retries(state_machine):
    etl = state_machine("etl.asl.json")
    etl.task("validate-data").returns({"valid": True})
    job = etl.task("Glue ETL Job")
    job.raises("Glue.ConcurrentRunsExceededException", times=2).returns({"JobRunState": "SUCCEEDED"})
    run = etl.run({"file": "orders.csv", "output": "o.csv", "throttled_attempts": 0})
    assert run.succeeded
    assert run.output == {"JobRunState": "SUCCEEDED"}
    assert run.path == ["Validate Data", "Valid?", "Glue ETL Job"]
    assert run.state("Glue ETL Job").attempts == job.call_count == 3
    assert run.state("Valid?").input["validation"] == {"valid": True}
    assert run.state("Data Rejected").visits == 0
    assert 0 < run.waited < 30
"""

REJECTED = """
def test_rejected(state_machine):
    etl = state_machine("etl.asl.json")
    etl.task("validate-*").returns({"valid": False, "problems": "row 7"})
    run = etl.run({"file": "orders.csv"})
    assert run.succeeded
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.path.joinpath("etl.asl.json").write_bytes(ETL.read_bytes())
    return pytester


def run(project: pytest.Pytester, *options: str) -> pytest.RunResult:
    return project.runpytest("-p", "no:cacheprovider", *options)


def test_a_run_is_easy_to_ask_about(project: pytest.Pytester) -> None:
    project.makepyfile(RETRIED)
    run(project).assert_outcomes(passed=1)


def test_a_failed_test_tells_of_its_runs(project: pytest.Pytester) -> None:
    project.makepyfile(REJECTED)
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*where False = <MachineRun FAILED Etl.DataRejected after Validate Data > Valid? > *>*",
            "*- state machine runs -*",
            "etl.asl.json: FAILED",
            'input:  {"file":"orders.csv"}',
            "path:   Validate Data > Valid? > Data Rejected",
            "error:  Etl.DataRejected",
            "cause:  orders.csv was rejected: row 7",
            'failed in state "Data Rejected", whose input was',
            '        {"file":"orders.csv","validation":{"valid":false,"problems":"row 7"}}',
        ]
    )


def test_an_output_that_differs_is_told_by_its_places(project: pytest.Pytester) -> None:
    project.makepyfile(
        RETRIED.replace('assert run.output == {"JobRunState"', 'assert run.output == {"State"')
    )
    result = run(project)
    result.stdout.fnmatch_lines(
        [
            "E*assert the output is not what was expected:",
            'E*$.JobRunState is "SUCCEEDED", which was not expected',
            'E*$.State is missing, expected "SUCCEEDED"',
        ]
    )


def test_a_path_that_differs_is_told_by_its_first_step(project: pytest.Pytester) -> None:
    project.makepyfile(RETRIED.replace('"Valid?", "Glue ETL Job"]', '"Glue ETL Job"]'))
    run(project).stdout.fnmatch_lines(
        [
            "E*assert the path is not what was expected:",
            'E*after "Validate Data" it goes to "Valid?", expected "Glue ETL Job"',
        ]
    )


def test_a_run_that_stops_is_told_without_our_own_frames(project: pytest.Pytester) -> None:
    project.makepyfile(
        RETRIED.replace('raises("Glue.ConcurrentRunsExceededException", times=2).', "")
        .replace('returns({"JobRunState": "SUCCEEDED"})', "returns({}, times=0)")
        .replace("assert run.succeeded", "assert False")
    )
    result = run(project)
    result.stdout.fnmatch_lines(
        [
            ">*run = etl.run(*",
            'E*MockError: the mock of "Glue ETL Job" has no answer for state "Glue ETL Job". *',
            "*- state machine runs -*",
            "etl.asl.json: RUNNING",
            "path:   Validate Data > Valid? > Glue ETL Job",
            'was in state "Glue ETL Job", whose input was',
        ]
    )
    result.stdout.no_fnmatch_line("*machine.py:*")


def test_a_task_that_nobody_does_says_what_to_write_in_a_test(project: pytest.Pytester) -> None:
    project.makepyfile(REJECTED.replace("    etl.task", "    # "))
    run(project).stdout.fnmatch_lines(
        [
            "E*NoHandler: no handler for *",
            'E*machine.task("Validate Data").returns({})',
            "E*or give it a handler*",
        ]
    )


HANDLED = """
import asltool

tasks = asltool.Tasks()


@tasks.handler("validate-data")
def validate_data(event, context):
    raise ValueError("no such column")
"""


def test_the_exception_of_a_handler_is_told_with_its_traceback(project: pytest.Pytester) -> None:
    (project.path / "tasks.py").write_text(HANDLED)
    test = REJECTED.replace('"etl.asl.json"', '"etl.asl.json", tasks="tasks.py"').replace(
        "    etl.task", "    # "
    )
    project.makepyfile(test)
    run(project).stdout.fnmatch_lines(
        [
            "error:  ValueError",
            "cause:  no such column",
            '          File "*tasks.py", line 9, in validate_data',
            '            raise ValueError("no such column")',
            'failed in state "Validate Data", whose input was',
        ]
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'etl.task("Glue Job")',
            '*MockError: state machine "etl" has no task "Glue Job". *"Glue ETL Job"*',
        ),
        ('etl.run({}).state("X")', '*LookupError: state machine "etl" has no state "X". its states are *'),
        ('state_machine("none.json")', "*FileNotFoundError: *none.json*"),
    ],
)
def test_what_is_misspelt(project: pytest.Pytester, line: str, message: str) -> None:
    project.makepyfile(
        "def test(state_machine):\n"
        '    etl = state_machine("etl.asl.json")\n'
        '    etl.task("validate-data").returns({"valid": False, "problems": 1})\n'
        f"    {line}\n"
    )
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([message])


def test_a_machine_may_lie_beside_the_test(project: pytest.Pytester) -> None:
    folder = project.mkpydir("deep")
    (project.path / "etl.asl.json").rename(folder / "etl.asl.json")
    (folder / "test_deep.py").write_text(RETRIED)
    run(project).assert_outcomes(passed=1)


CASES = """
name: a file with bad rows is rejected
definition: etl.asl.json
tasks: {validate-data: {returns: {valid: false, problems: row 7}}}
input: {file: orders.csv}
expect: {cause: "orders.csv was rejected: row 7"}
---
name: wrong
definition: etl.asl.json
tasks: {validate-data: {returns: {valid: false, problems: row 8}}}
input: {file: orders.csv}
expect: {cause: "orders.csv was rejected: row 7", waited: 5}
"""


def test_case_files_are_collected(project: pytest.Pytester) -> None:
    (project.path / "etl.asltest.yaml").write_text(CASES)
    result = run(project, "--asl-cov", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "etl.asltest.yaml::a file with bad rows is rejected PASSED*",
            "etl.asltest.yaml::wrong FAILED*",
            'cause is "orders.csv was rejected: row 8", expected "orders.csv was rejected: row 7"',
            "waited 0 s, expected 5 s",
            "*etl.asl.json: FAILED",
            "*etl.asl.json: 5 of 10 covered, 50 %",
        ]
    )


def test_cases_of_one_name_are_told_apart(project: pytest.Pytester) -> None:
    (project.path / "etl.asltest.yaml").write_text(
        CASES.replace("name: wrong\n", "name: a file with bad rows is rejected\n")
    )
    result = run(project, "-v")
    result.stdout.fnmatch_lines(
        [
            "etl.asltest.yaml::a file with bad rows is rejected:1 PASSED*",
            "etl.asltest.yaml::a file with bad rows is rejected:8 FAILED*",
        ]
    )


def test_a_case_file_that_cannot_be_used(project: pytest.Pytester) -> None:
    (project.path / "bad.asltest.yaml").write_text("name: x\nexpekt: {}\n")
    result = run(project)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(['*bad.asltest.yaml:2:1: *unexpected field "expekt". did you mean "expect"?'])


def test_coverage_is_told_and_wanted(project: pytest.Pytester) -> None:
    project.makepyfile(RETRIED)
    result = run(project, "--asl-cov-fail-under", "60")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*= coverage of state machines =*",
            "etl.asl.json: 6 of 10 covered, 60 %",
            '  not covered: "Valid?" Default to "Data Rejected"',
            '  not covered: "Glue ETL Job" Catch?0? (States.ALL) to "Job Failed"',
            '  not covered: state "Data Rejected"',
            '  not covered: state "Job Failed"',
            "total: 60 %",
        ]
    )
    result = run(project, "--asl-cov-fail-under", "60.1")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED: coverage is below 60.1 %"])


def test_coverage_is_kept_as_json(project: pytest.Pytester) -> None:
    project.makepyfile(RETRIED)
    run(project, "--asl-cov-file", "cov/asl.json")
    dumped = json.loads((project.path / "cov" / "asl.json").read_text())
    assert dumped["machines"]["etl.asl.json"][0] == ["Validate Data", "state", 0, 'state "Validate Data"', 1]


def test_coverage_is_added_to_that_of_runs_before(project: pytest.Pytester) -> None:
    project.makepyfile(test_one=RETRIED, test_two=REJECTED)
    run(project, "--asl-cov-file", "asl.json", "test_one.py")
    result = run(project, "--asl-cov-file", "asl.json", "--asl-cov-append", "test_two.py")
    result.stdout.fnmatch_lines(["etl.asl.json: 8 of 10 covered, 80 %"])
    (project.path / "asl.json").write_text("{}")
    for options in (["--asl-cov-file", "asl.json"], []):
        result = run(project, "--asl-cov-append", *options)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --asl-cov-append needs --asl-cov-file, the file to add to"])


def test_a_machine_has_one_name_wherever_it_is_loaded_from(project: pytest.Pytester) -> None:
    folder = project.mkpydir("deep")
    (project.path / "etl.asl.json").rename(folder / "etl.asl.json")
    (folder / "test_beside.py").write_text(RETRIED)
    (folder / "test_from_here.py").write_text(REJECTED.replace('"etl', '"deep/etl'))
    (folder / "etl.asltest.yaml").write_text(CASES)
    result = run(project, "--asl-cov")
    result.stdout.fnmatch_lines(
        ["deep/etl.asl.json: 8 of 10 covered, 80 %", "*not covered*", "*not covered*", "total: 80 %"]
    )


def test_machines_that_stand_in_a_test_are_called_by_its_file(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_inline="""
        def test_one(state_machine):
            assert state_machine({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).run().succeeded

        def test_other(state_machine):
            assert state_machine({"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}).run().succeeded
        """
    )
    run(project, "--asl-cov").stdout.fnmatch_lines(
        ["test_inline.py: 1 of 1 covered, 100 %", "test_inline.py (2): 1 of 1 covered, 100 %"]
    )


def test_coverage_of_several_processes(project: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    project.makepyfile(test_one=RETRIED, test_two=REJECTED)
    result = run(project, "-n", "2", "--asl-cov")
    result.stdout.fnmatch_lines(["etl.asl.json: 8 of 10 covered, 80 %"])


def test_a_run_without_it_loads_nothing(project: pytest.Pytester) -> None:
    project.makepyfile("import sys\n\ndef test():\n    assert 'asltool.machine' not in sys.modules\n")
    result = project.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
