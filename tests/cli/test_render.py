"""``asltool render`` as a user sees it: files, standard error, exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.cli.watching import saves
from asltool.diagrams import picture

CASES = Path(__file__).parent.parent / "cases" / "diagrams"
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


@pytest.mark.parametrize(
    ("options", "expected"),
    [(("--legend",), True), (("--history", HISTORY), True), (("--history", HISTORY, "--no-legend"), False)],
)
def test_a_legend(options: tuple[str, ...], expected: bool, tmp_path: Path) -> None:
    result = invoke(ORDER, *options, "-o", str(tmp_path / "order.mmd"))
    assert (result.exit_code, result.output) == (0, "")
    assert ("subgraph legend" in (tmp_path / "order.mmd").read_text(encoding="utf-8")) is expected


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


def test_a_definition_with_errors_is_drawn_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "bad.asl.json"
    path.write_text('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}')
    result = invoke(str(path), "-o", str(tmp_path / "bad.svg"))
    assert result.exit_code == 1
    assert f"{path}:1:59: " in result.stderr
    assert "[next-not-found]" in result.stderr
    assert (tmp_path / "bad.svg").exists()


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (
            "{",
            "{path} is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("{}", '{path} is not a history. expected a list of events, or an object with "events"'),
        (
            "[{}]",
            'event 1 is not shaped as GetExecutionHistory gives it: "id" has to be a whole number from 1',
        ),
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
    assert 'unknown format ".gif"' in result.stderr


def test_without_graphviz_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    result = invoke(ORDER, "-o", str(tmp_path / "order.png"))
    assert result.exit_code == 2
    assert result.stderr == (
        'asltool render: drawing PNG needs Graphviz. install it, with "dot" on the PATH, '
        'or pygraphviz:  pip install "asltool[diagrams]"\n'
    )


def test_it_writes_a_page_with_the_run(tmp_path: Path) -> None:
    result = invoke(ORDER, "--history", HISTORY, "-o", str(tmp_path / "run.html"))
    assert (result.exit_code, result.output) == (0, "")
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert "<title>order</title>" in text
    assert '"run":{' in text
    assert "arn:aws:lambda:eu-west-1:1:function:charge" in text


@pytest.fixture
def newer(tmp_path: Path) -> str:
    definition = json.loads(Path(ORDER).read_text(encoding="utf-8"))
    definition["States"]["Cool down"]["Seconds"] = 60
    (tmp_path / "newer.asl.json").write_text(json.dumps(definition))
    return str(tmp_path / "newer.asl.json")


def test_a_comparison_is_printed(newer: str) -> None:
    result = invoke("--diff", ORDER, newer)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "states: 1 changed\n~ Cool down\n    ~ Seconds: 3600 → 60\n"


def test_a_comparison_is_drawn(newer: str, tmp_path: Path) -> None:
    outputs = [tmp_path / "diff.mmd", tmp_path / "diff.html"]
    result = invoke("--diff", ORDER, newer, *(arg for path in outputs for arg in ("-o", str(path))))
    assert (result.exit_code, result.output) == (0, "")
    assert "  class s5,legend_changed changed\n" in outputs[0].read_text(encoding="utf-8")
    assert '["changed","warn","~"]' in outputs[1].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([ORDER], "no output file: add -o FILE"),
        ([ORDER, "--watch", "--diff", ORDER], "no output file: add -o FILE"),
        ([ORDER, "--diff", ORDER, "--history", HISTORY], "--diff and --history cannot be combined"),
        (["-", "--watch", "-o", "x.mmd"], "--watch needs a file: standard input cannot be watched"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(args: list[str], message: str) -> None:
    result = invoke(*args)
    assert result.exit_code == 2
    assert f"Error: {message}\n" in result.stderr


def test_watching_draws_again_after_a_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a.asl.json", tmp_path / "a.mmd"
    texts = iter(
        [
            '{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}',
            "{",
            '{"StartAt": "C", "States": {"C": {"Type": "Pass", "End": true}}}',
        ]
    )
    drawn: list[str] = []

    def save(seconds: float) -> None:
        assert seconds > 0
        drawn.append(target.read_text(encoding="utf-8"))
        text = next(texts, None)
        if text is None:
            raise KeyboardInterrupt
        source.write_text(text)

    source.write_text('{"StartAt": "A", "States": {"A": {"Type": "Fail"}}}')
    monkeypatch.setattr("asltool.cli.watching.time.sleep", save)
    result = invoke(str(source), "--watch", "-o", str(target))
    assert result.exit_code == 0
    assert [next(name for name in "ABC" if f"<b>{name}</b>" in text) for text in drawn] == [
        "A",
        "B",
        "B",
        "C",
    ]
    assert result.stderr.count(f"drawn: {target}\n") == 3
    assert result.stderr.count("[json-syntax-error]") == 1


def test_watching_waits_for_a_file_that_is_being_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("1")
    texts = iter([None, None, "22", "22"])
    looks = []

    def pause() -> None:
        looks.append(path.exists())
        if len(looks) == 5:
            raise KeyboardInterrupt
        text = next(texts)
        if text is None:
            path.unlink(missing_ok=True)
        elif not path.exists():
            path.write_text(text)

    watched = saves([str(path)], pause)
    next(watched)
    next(watched)
    assert looks == [True, False, False]
    with pytest.raises(KeyboardInterrupt):
        next(watched)
    assert looks == [True, False, False, True, True]
