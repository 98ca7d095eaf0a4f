"""``--watch``: what is watched, when a command runs again, and how watching ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from asltool.cli import main, watch_option
from asltool.cli.stopping import Stopped
from asltool.cli.watch_option import files_read, rerun


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(name: str, moment: int = 0, text: str = "{}") -> None:
    """Write a file, as if at this moment."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
    os.utime(name, ns=(moment, moment))


def nothing() -> None:
    """What happens in a pause without a change."""


def clock(*moments: Callable[[], None]) -> Callable[[], None]:
    """Return a pause in which one thing after the other happens, and then Ctrl-C."""
    left: Iterator[Callable[[], None]] = iter(moments)

    def pause() -> None:
        happens = next(left, None)
        if happens is None:
            raise Stopped
        happens()

    return pause


def runs(arguments: list[str], *moments: Callable[[], None], run: Callable[[], object] = nothing) -> int:
    """Return how often something ran until Ctrl-C."""
    count: list[object] = []
    with pytest.raises(Stopped):
        rerun(arguments, lambda: count.append(run()), clock(*moments))
    return len(count)


def test_it_runs_once_and_after_each_change() -> None:
    save("m.json")
    arguments = ["run", "m.json"]
    assert runs(arguments, nothing, nothing) == 1
    assert runs(arguments, lambda: save("m.json", 1), nothing, lambda: save("m.json", 2)) == 3
    assert runs(arguments, lambda: save("tasks.py", 1)) == 2
    assert runs(arguments, lambda: Path("tasks.py").unlink()) == 2


def test_files_that_the_command_writes_do_not_start_it_again() -> None:
    save("m.json")
    assert runs(["run", "m.json"], nothing, nothing, run=lambda: save("history.json", 5)) == 1


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["run", "a/m.json"], ["a/m.json", "a/other.py"]),
        (["run", "a/m.json#Orders"], ["a/m.json", "a/other.py"]),
        (["run", "m", "--input", "@b/in.json"], ["b/in.json"]),
        (["run", "m", "--lambda", "pay=b/in.json:handler"], ["b/in.json"]),
        (["run", "m", "--input=@b/in.json"], ["b/in.json"]),
        (["test", "a"], ["a/deep/x.yaml", "a/m.json", "a/other.py"]),
        (["validate"], ["a/deep/x.yaml", "a/m.json", "a/other.py", "b/in.json"]),
        (["run", '{"a": 1}\0', "b/in.json"], ["b/in.json"]),
    ],
)
def test_which_files_are_watched(arguments: list[str], found: list[str]) -> None:
    for name in (
        *("a/m.json", "a/other.py", "a/notes.txt", "a/deep/x.yaml", "b/in.json"),
        *(".git/config.json", "node_modules/x.js", "a/__pycache__/x.py"),
    ):
        save(name)
    assert sorted({str(path) for path in files_read(arguments)}) == found


@pytest.mark.parametrize("command", ["run", "test", "validate"])
def test_each_command_runs_as_it_was_called(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save("m.json")
    called: list[list[str]] = []

    def stopped(arguments: list[str]) -> None:
        called.append(arguments)
        raise Stopped

    monkeypatch.setattr(watch_option, "_run", stopped)
    result = CliRunner().invoke(main, [command, "m.json", "--watch"])
    assert (result.exit_code, called) == (0, [[command, "m.json"]])


def test_the_command_runs_in_a_process_of_its_own(
    capfd: pytest.CaptureFixture[str],
) -> None:
    machine = {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}
    save("m.asl.json", text=json.dumps(machine))
    watch_option._run(["run", "m.asl.json", "--input", "[1]"])
    out, err = capfd.readouterr()
    assert json.loads(out) == [1]
    assert err == "exit status 0. waiting for changes; Ctrl-C ends\n"


def test_standard_input_cannot_be_watched() -> None:
    result = CliRunner().invoke(main, ["validate", "-", "--watch"], input="{}")
    assert result.exit_code == 2
    assert "--watch cannot read standard input again: name a file" in result.stderr
