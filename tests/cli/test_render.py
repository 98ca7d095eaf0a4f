"""``asltool render`` as a user sees it: files, standard error, exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.render import picture

CASES = Path(__file__).parent.parent / "cases" / "render"
ORDER = str(CASES / "order.asl.json")
HISTORY = str(CASES / "order.history.json")


def invoke(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["render", *args], input=stdin)


def test_it_draws_into_every_file_that_is_named(tmp_path: Path) -> None:
    outputs = [tmp_path / f"order.{form}" for form in ("svg", "dot", "mmd")]
    result = invoke(ORDER, *(arg for path in outputs for arg in ("-o", str(path))))
    assert (result.exit_code, result.output) == (0, "")
    assert outputs[0].read_bytes().startswith(b"<?xml")
    assert outputs[1].read_bytes() == (CASES / "order.dot").read_bytes()
    assert outputs[2].read_bytes() == (CASES / "order.mmd").read_bytes()


def test_it_reads_standard_input(tmp_path: Path) -> None:
    result = invoke("-", "-o", str(tmp_path / "x.dot"), stdin=Path(ORDER).read_text(encoding="utf-8"))
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "x.dot").read_bytes() == (CASES / "order.dot").read_bytes()


@pytest.mark.parametrize("bare", [False, True], ids=["an object with events", "a bare list"])
def test_it_shows_a_run(tmp_path: Path, bare: bool) -> None:
    history = json.loads(Path(HISTORY).read_text(encoding="utf-8"))
    (tmp_path / "h.json").write_text(json.dumps(history["events"] if bare else history))
    result = invoke(ORDER, "--history", str(tmp_path / "h.json"), "-o", str(tmp_path / "run.mmd"))
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "run.mmd").read_bytes() == (CASES / "order_run.mmd").read_bytes()


def test_a_definition_with_errors_is_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "bad.asl.json"
    path.write_text('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}')
    result = invoke(str(path), "-o", str(tmp_path / "bad.svg"))
    assert result.exit_code == 1
    assert f"{path}:1:59: " in result.stderr
    assert "[next-not-found]" in result.stderr
    assert not (tmp_path / "bad.svg").exists()


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (
            "{",
            "{path} is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("{}", '{path} holds no history. expected a list of events, or an object with "events"'),
        ("[{}]", "event 1 is not shaped as GetExecutionHistory gives it"),
    ],
)
def test_a_history_that_cannot_be_read_is_an_error(tmp_path: Path, history: str, message: str) -> None:
    path = tmp_path / "h.json"
    path.write_text(history)
    result = invoke(ORDER, "--history", str(path), "-o", str(tmp_path / "x.dot"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"asltool render: {message.replace('{path}', str(path))}\n"


def test_an_unknown_ending_is_wrong_usage() -> None:
    result = invoke(ORDER, "-o", "order.gif")
    assert result.exit_code == 2
    assert 'no format ends in ".gif"' in result.stderr


def test_no_output_is_wrong_usage() -> None:
    assert invoke(ORDER).exit_code == 2


def test_without_graphviz_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    result = invoke(ORDER, "-o", str(tmp_path / "order.png"))
    assert result.exit_code == 2
    assert result.stderr == (
        'asltool render: drawing PNG needs Graphviz. install it, with "dot" on the PATH, '
        'or pygraphviz:  pip install "asltool[diagrams]"\n'
    )
