"""A project for a state machine: handlers, passing cases and tests, and checks before a commit and in CI.

`Exploration <asltool.testing.explore.Exploration>` finds inputs and task outcomes that reach everything. Its
runs become the cases. The handlers return the results of one of the runs (``stubs``), and their inputs have
the types that the runs showed (``input_types``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asltool.errors import AslToolError
from asltool.machine import Machine
from asltool.testing.explore import Exploration, FoundRun
from asltool.testing.explore.scripts import Trial
from asltool.testing.runs import MachineRun
from asltool.testing.scaffold.python_text import PythonNames, line_of, literal
from asltool.testing.scaffold.stubs import handlers_source
from asltool.testing.under_test import MachineUnderTest

__all__ = ["CI", "PRE_COMMIT", "Scaffold"]

PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: asltool-validate
        name: asltool validate
        entry: asltool validate
        language: python
        additional_dependencies: [asltool]
        files: \\.asl\\.(json|ya?ml)$
"""
"""The file ``.pre-commit-config.yaml``."""

CI = """\
name: state machines
on: [push, pull_request]
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install asltool pytest
      - run: asltool validate .
      - run: pytest
"""
"""The file ``.github/workflows/asltool.yml``."""


_LONGEST_PATH = 200
"""How many states a path has at most that the test compares, so that a loop does not fill the file."""


@dataclass(frozen=True)
class Scaffold:
    """The project of a machine.

    Args:
        definition: the machine's file as the other files refer to it: ``order.asl.json``, ``t.yaml#Order``.
        stem: the start of the other files' names.
    """

    machine: Machine
    exploration: Exploration
    definition: str
    stem: str

    @property
    def handlers_file(self) -> str:
        return f"{self.stem}_tasks.py"

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each file."""
        handlers = handlers_source(self.machine, self.definition, self._trials)
        yield self.handlers_file, handlers
        if self._found:
            yield f"{self.stem}.asltest.yaml", self._cases()
        yield f"test_{self.stem}.py", "\n".join(self._test(handlers))

    @cached_property
    def _trials(self) -> Sequence[Trial]:
        """The explored runs: those that succeed first, and of these the longest."""
        ended = [each for each in self.exploration.trials if not each.endless and not each.uses_s3]
        return sorted(ended, key=lambda each: (each.run.status != "SUCCEEDED", -len(each.run.path)))

    @property
    def _found(self) -> list[FoundRun]:
        """The cases that need no objects in S3, which the files do not include."""
        return [each for each in self.exploration.found if not each.trial.uses_s3]

    def _cases(self) -> str:
        import yaml

        cases = [each.case(self.definition) for each in self._found]
        return yaml.safe_dump_all(cases, sort_keys=False, allow_unicode=True, width=100)

    def _test(self, handlers: str) -> Iterator[str]:
        given = self._trials[0].script.input if self._trials else {}
        run = self._run(handlers, given)
        name = PythonNames("state_machine", "asltool", "Path", "HERE").function(self.stem)
        yield f'"""Tests of {self.definition}."""\n'
        yield "from pathlib import Path\n"
        if run is None:
            yield "import asltool\n"
        yield "HERE = Path(__file__).parent\n\n"
        file = f"HERE / {literal(self.definition)}"
        if run is None:
            yield f"def test_{name}_is_valid():\n    assert asltool.load({file}).diagnostics is not None\n"
            return
        yield f"def test_{name}(state_machine):"
        yield f"    {name} = state_machine({file}, tasks=HERE / {literal(self.handlers_file)})"
        yield line_of(f"    run = {name}.run(", given, ")")
        yield f"    assert run.status == {literal(run.status)}"
        if run.error is not None:
            yield f"    assert run.error == {literal(run.error)}"
        if len(run.path) <= _LONGEST_PATH:
            yield line_of("    assert run.path == ", run.path)
        yield ""

    def _run(self, handlers: str, given: Any) -> MachineRun | None:
        """Run the machine with the handlers; None if it cannot run, as without objects in S3."""
        names: dict[str, Any] = {"__name__": "handlers"}
        exec(compile(handlers, self.handlers_file, "exec", dont_inherit=True), names)
        try:
            return MachineUnderTest(self.machine, tasks=names["tasks"]).run(given)
        except AslToolError:
            return None
