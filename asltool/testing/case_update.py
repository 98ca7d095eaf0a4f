"""Update case files with the actual results, to be reviewed: ``asltool test --update``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from asltool.errors import CaseError, MockError
from asltool.expr.encodings import rewrite
from asltool.testing.case_files import split_cases
from asltool.testing.case_runs import CaseResult, call_count, part_of, parts_of
from asltool.testing.lasting import lasting
from asltool.testing.runs import MachineRun

__all__ = ["happened", "update_file"]

_NOT_BREAKS = re.compile("[\x85\u2028\u2029]")


def update_file(path: Path, results: Sequence[CaseResult]) -> int:
    """Replace what a file's cases expect with the actual results; return the number of cases changed.

    Everything else in the file is kept, including comments and cases that could not be run. ``results`` are
    of some or all of its cases.

    Raises:
        CaseError: a case is written in a form that cannot be edited exactly. The file is not changed.
        OSError: the file cannot be read or written.
    """
    written = _written(path)
    text = written.replace("\r\n", "\n")
    wrong = [result for result in results if result.run is not None and result.problems]
    if path.suffix == ".json":
        new = _in_json(text, path, happened(wrong[0])) if wrong else text
    else:
        expects = {result.case.line: happened(result) for result in wrong}
        new = _in_yaml(text, path, expects)
        _check(text, new, path, expects)
    if new != text:
        ending = "\r\n" if "\r\n" in written else "\n"
        rewrite(path, new.replace("\n", ending).encode("utf-8"))
    return len(wrong)


def _written(path: Path) -> str:
    """Return the text of a file that can be written back unchanged."""
    try:
        written = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise CaseError(f"{path} is not UTF-8: save it as UTF-8 to update it") from None
    if 0 < written.count("\r\n") < written.count("\n"):
        raise CaseError(f"{path} has mixed line endings: save it with one kind to update it")
    return written


def happened(result: CaseResult) -> dict[str, Any]:
    """Return the expectations with which the case would pass.

    It has the fields that the case has or, if there are none, the status and the path. Values that differ in
    every run or on every computer, such as request IDs and paths in tracebacks, are left out.
    """
    run, expect = result.run, result.case.expect
    assert run is not None
    found = {name: value for name, value in _ended(run, expect).items() if value is not None}
    if "path" in expect or not expect:
        found["path"] = run.path
    if "waited" in expect:
        found["waited"] = int(run.waited) if run.waited == int(run.waited) else run.waited
    if "calls" in expect:
        found["calls"] = {name: _calls(result, name, calls) for name, calls in expect["calls"].items()}
    if "calls_contain" in expect:
        found["calls_contain"] = {
            name: lasting(parts_of(result.mocks[name].inputs, parts)) if name in result.mocks else parts
            for name, parts in expect["calls_contain"].items()
        }
    return found


def _ended(run: MachineRun, expect: Mapping[str, Any]) -> dict[str, Any]:
    if run.succeeded:
        if "output_contains" in expect:
            part = lasting(part_of(run.output, expect["output_contains"]))
            return {"status": expect.get("status") and run.status, "output_contains": part}
        wanted = "output" in expect or "error" in expect or not expect
        return {"status": expect.get("status") and run.status, **(_output(run.output) if wanted else {})}
    status = run.status if "status" in expect or run.status != "FAILED" or run.error is None else None
    return {"status": status, "error": run.error, "cause": lasting(run.cause)}


def _output(output: Any) -> dict[str, Any]:
    """Return an output without the values that differ in every run."""
    kept = lasting(output)
    return {"output": output} if kept == output else {"output_contains": kept}


def _calls(result: CaseResult, name: str, calls: Any) -> Any:
    assert result.run is not None
    if isinstance(calls, list):
        if name not in result.mocks:
            return calls
        inputs = result.mocks[name].inputs
        return inputs if lasting(inputs) == inputs else len(inputs)
    try:
        return call_count(name, result.mocks, result.run)
    except MockError:
        return calls


def _in_json(text: str, path: Path, expect: dict[str, Any]) -> str:
    try:
        case = json.loads(text)
    except ValueError:
        raise CaseError(f"{path} is not plain JSON: rename it to *.asltest.yaml to update it") from None
    return json.dumps({**case, "expect": expect}, indent=2, ensure_ascii=False) + "\n"


def _in_yaml(text: str, path: Path, expects: Mapping[int, dict[str, Any]]) -> str:
    """Replace the lines of each ``expect``, last case first so that line numbers stay valid."""
    import yaml

    lines = text.split("\n")
    for begun, part in reversed(split_cases(text)):
        if begun not in expects:
            continue
        node = _composed(part, f"{path}:{begun}")
        if not isinstance(node, yaml.MappingNode) or node.flow_style:
            raise CaseError(f"{path}:{begun}: write the case on several lines to update it")
        first, last = _lines_of(node, part, lines)
        dumped = _dumped({"expect": expects[begun]})
        lines[first:last] = dumped.rstrip("\n").split("\n")
    return "\n".join(lines)


def _composed(part: str, place: str) -> Any:
    import yaml

    try:
        return yaml.compose(part)
    except yaml.MarkedYAMLError as problem:
        raise CaseError(f"{place}: the case cannot be updated: {problem.problem}") from problem


def _dumped(value: dict[str, Any]) -> str:
    """Return YAML. Strings with characters that PyYAML treats as line breaks are double-quoted and
    escaped."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = '"' if _NOT_BREAKS.search(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, string)
    dumped = yaml.dump(
        value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
    return str(dumped)


def _check(before: str, after: str, path: Path, expects: Mapping[int, dict[str, Any]]) -> None:
    """Check that the new text has the same cases and differs only in expectations."""
    from asltool.syntax.yaml_reader import read_yaml

    cases = [(line, read_yaml(part).value) for line, part in split_cases(before)]
    wanted = [{**case, "expect": expects[line]} if line in expects else case for line, case in cases]
    if [read_yaml(part).value for _, part in split_cases(after)] != wanted:
        raise CaseError(f"{path} cannot be updated exactly: edit its expectations by hand")


def _lines_of(node: Any, part: str, lines: Sequence[str]) -> tuple[int, int]:
    """Return the first line of ``expect`` and the line after it; if there is none, its insertion line twice.

    Lines are counted here, since PyYAML counts U+0085, U+2028 and U+2029 as line breaks.
    """
    keys = [key for key, _ in node.value]
    starts = [part.count("\n", 0, key.start_mark.index) for key in keys]
    end = part.count("\n") + 1
    at = next((index for index, key in enumerate(keys) if key.value == "expect"), None)
    first = None if at is None else starts[at]
    last = end if at is None or at + 1 == len(keys) else starts[at + 1]
    while last > 0 and (not lines[last - 1].strip() or lines[last - 1].startswith(("#", "..."))):
        last -= 1
    return (last, last) if first is None else (first, last)
