"""The pytest plugin: the ``state_machine`` fixture, case files, reports of failed tests, and coverage.

pytest loads this file in every run, so it imports asltool only when it is used.

Source: https://docs.pytest.org/en/stable/how-to/writing_plugins.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from asltool.testing.case_files import Case
    from asltool.testing.coverage import Coverage
    from asltool.testing.runs import MachineRun
    from asltool.testing.serving import TestServer
    from asltool.testing.under_test import MachineUnderTest

__all__: list[str] = []

_RUNS: pytest.StashKey[list[MachineRun]] = pytest.StashKey()
_COVERAGE: pytest.StashKey[Coverage] = pytest.StashKey()
_BEFORE: pytest.StashKey[Coverage] = pytest.StashKey()
_SENT = "asltool_coverage"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("asltool", "state machines (asltool)")
    group.addoption(
        "--asl-cov",
        action="store_true",
        help="Report which states, transitions, retries and catchers no test covers.",
    )
    group.addoption(
        "--asl-cov-fail-under",
        type=float,
        metavar="PERCENT",
        help="Fail if coverage is lower than this. Implies --asl-cov.",
    )
    group.addoption(
        "--asl-cov-file",
        type=Path,
        metavar="FILE",
        help="Write the coverage to this file, as JSON. Implies --asl-cov.",
    )
    group.addoption(
        "--asl-cov-html",
        type=Path,
        metavar="FOLDER",
        help="Write an HTML page for each state machine that shows its coverage. Implies --asl-cov.",
    )
    group.addoption(
        "--asl-cov-append",
        action="store_true",
        help="Add to the coverage in --asl-cov-file from earlier runs instead of replacing it.",
    )


@pytest.fixture
def state_machine(request: pytest.FixtureRequest) -> Callable[..., MachineUnderTest]:
    """Load a state machine to test: ``state_machine("etl.asl.json", tasks="tasks.py")``.

    Paths are relative to the folder that pytest runs in or, failing that, to the test's folder.
    """
    from asltool.testing.names import file_name
    from asltool.testing.under_test import MachineUnderTest, Plainly

    runs: list[MachineRun] = []
    request.node.stash[_RUNS] = request.config.stash[_RUNS] = runs

    def report(run: MachineRun) -> None:
        runs.append(run)
        _cover(request.config, run)

    def load(machine: Any, **options: Any) -> MachineUnderTest:
        __tracebackhide__ = True
        tasks = _found(request, options.pop("tasks", None))
        nested = {name: _found(request, each) for name, each in options.pop("machines", {}).items()}
        with Plainly():
            tested = MachineUnderTest(
                _found(request, machine),
                machines=nested,
                tasks=tasks,
                keep_children=_COVERAGE in request.config.stash,
                report=report,
                **options,
            )
        if isinstance(machine, dict):
            tested.source = file_name(request.path)
        return tested

    return load


@pytest.fixture
def stepfunctions() -> Iterator[TestServer]:
    """A Step Functions server in memory that skips waits: ``stepfunctions.client()`` is its boto3 client."""
    from asltool.testing.serving import server

    with server() as running:
        yield running


def _found(request: pytest.FixtureRequest, path: Any) -> Any:
    """Return a file's path: in the folder that pytest runs in, else in the test's folder, else unchanged."""
    if not isinstance(path, str | Path) or Path(path).exists():
        return path
    beside = request.path.parent / path
    return beside if beside.exists() else path


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Report the runs of a failed test."""
    outcome = yield
    report = outcome.get_result()
    if report.failed and (runs := item.stash.get(_RUNS, [])):
        from asltool.testing.run_report import run_report

        report.sections.append(("state machine runs", "\n\n".join(map(run_report, runs))))


def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> list[str] | None:
    """Report where a run's output or path differs from what the test expects."""
    if op != "==" or not isinstance(left, dict | list) or type(left) is not type(right):
        return None
    for expected, found in ((right, left), (left, right)):
        for run in config.stash.get(_RUNS, []):
            if found is run.output or found is run.path:
                from asltool.testing.run_report import compare, compare_paths

                if found is run.output:
                    return ["the output is not what was expected:", *compare(expected, found)]
                return ["the path is not what was expected:", *compare_paths(list(expected), run.path)]
    return None


# Case files


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect ``*.asltest.yaml`` and the other case files as tests."""
    if ".asltest." not in file_path.name:
        return None
    from asltool.testing.case_files import ENDINGS

    return CaseFile.from_parent(parent, path=file_path) if file_path.name.endswith(ENDINGS) else None


class CaseFile(pytest.File):
    """A case file, each case of which is a test."""

    def collect(self) -> Iterator[CaseItem]:
        from asltool.errors import CaseError
        from asltool.testing.case_files import read_cases

        try:
            cases = read_cases(self.path)
        except CaseError as problem:
            raise self.CollectError(str(problem)) from None
        names = Counter(case.name for case in cases)
        for case in cases:
            name = case.name if names[case.name] == 1 else f"{case.name}:{case.line}"
            yield CaseItem.from_parent(self, name=name, case=case)


class CaseItem(pytest.Item):
    """A case of a case file."""

    def __init__(self, *, case: Case, **others: Any) -> None:
        super().__init__(**others)
        self.case = case

    def runtest(self) -> None:
        from asltool.testing.case_runs import run_case

        result = run_case(self.case, keep_children=_COVERAGE in self.config.stash)
        if result.run is not None:
            _cover(self.config, result.run)
        if result.problems:
            raise CaseFailed(result.report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, self.case.line - 1, self.name


class CaseFailed(Exception):
    """A failed case, with its report."""


# Coverage: each process counts for itself; the first process merges the counts of pytest-xdist's workers.


def pytest_configure(config: pytest.Config) -> None:
    options = ("asl_cov", "asl_cov_fail_under", "asl_cov_file", "asl_cov_html", "asl_cov_append")
    if any(config.getoption(name) not in (None, False) for name in options):
        from asltool.testing.coverage import Coverage

        config.stash[_COVERAGE] = Coverage()
        config.stash[_BEFORE] = _before(config)


def _before(config: pytest.Config) -> Coverage:
    """Return the coverage of earlier runs, if it is to be added to."""
    from asltool.errors import CoverageError
    from asltool.testing.coverage import Coverage

    if not config.getoption("asl_cov_append") or hasattr(config, "workerinput"):
        return Coverage()
    path = config.getoption("asl_cov_file")
    if path is None:
        raise pytest.UsageError("--asl-cov-append needs --asl-cov-file, the file to add to")
    try:
        return Coverage.read(path)
    except CoverageError as problem:
        raise pytest.UsageError(str(problem)) from None


def _cover(config: pytest.Config, run: MachineRun) -> None:
    if _COVERAGE in config.stash:
        config.stash[_COVERAGE].add_run(run)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Send the counts to the first process; there, fail the run if coverage is too low."""
    coverage = session.config.stash.get(_COVERAGE, None)
    if coverage is None:
        return
    sent = getattr(session.config, "workeroutput", None)
    if sent is not None:
        sent[_SENT] = coverage.dump()
        return
    coverage.take_up(session.config.stash[_BEFORE])
    if _too_little(session.config, coverage) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Merge the counts of a pytest-xdist worker."""
    counted = getattr(node, "workeroutput", {}).get(_SENT)
    if counted is not None:
        from asltool.testing.coverage import Coverage

        node.config.stash[_COVERAGE].merge(Coverage.load(counted))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    coverage = config.stash.get(_COVERAGE, None)
    if coverage is None or hasattr(config, "workeroutput"):
        return
    terminalreporter.section("coverage of state machines")
    terminalreporter.write_line(coverage.report())
    path = config.getoption("asl_cov_file")
    if path is not None:
        coverage.write(path)
    folder = config.getoption("asl_cov_html")
    if folder is not None:
        from asltool.testing.coverage.html import write_html

        terminalreporter.write_line(f"written to {write_html(coverage, folder)}")
    if _too_little(config, coverage):
        wanted = config.getoption("asl_cov_fail_under")
        terminalreporter.write_line(f"FAILED: coverage is below {wanted:g} %", red=True)


def _too_little(config: pytest.Config, coverage: Coverage) -> bool:
    wanted = config.getoption("asl_cov_fail_under")
    return wanted is not None and coverage.percent < wanted
