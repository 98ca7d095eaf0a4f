"""Tasks from a file, and what is wrong with files that have none."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from pathlib import Path

import pytest

from asltool import TasksError
from asltool.integrations.tasks_file import find_tasks, load_tasks

GOOD = """
import asltool
import asltool_test_beside
work = asltool.Tasks()
also_work = work

@work.handler("f")
def f(event, context):
    return asltool_test_beside.ANSWER
"""


def test_standard_modules_stay_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    (tmp_path / "dataclasses.py").write_text("")
    (tmp_path / "wave.py").write_text("import asltool\ntasks = asltool.Tasks()")
    assert len(find_tasks(str(tmp_path))) == 1
    assert sys.modules["dataclasses"] is dataclasses
    found = importlib.util.find_spec("wave")
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).parent != tmp_path


def test_a_file_may_import_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "asltool_test_beside.py").write_text("ANSWER = 42")
    (tmp_path / "good_tasks.py").write_text(GOOD)
    handler = load_tasks(str(tmp_path / "good_tasks.py")).find("f", "S")
    assert handler is not None
    assert handler(None, None) == 42  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "none.py",
            "x = 1",
            "{path} has no Tasks. begin it with\n\n    import asltool\n\n    tasks = asltool.Tasks()",
        ),
        (
            "two.py",
            "import asltool\na = asltool.Tasks()\nb = asltool.Tasks()",
            '{path} has several Tasks: "a", "b". keep one, and register every handler with it',
        ),
        (
            "broken.py",
            "x = 1\ny = x + z\n",
            "{path} cannot be imported: line 2: NameError: name 'z' is not defined",
        ),
        ("tasks.txt", "", "{path} is not a Python file: expected a name that ends in .py"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(TasksError) as wrong:
        load_tasks(str(path))
    assert str(wrong.value) == message.format(path=path)


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "syntax.py"
    path.write_text("x = 1\ny = (\n")
    with pytest.raises(
        TasksError, match=r"cannot be imported: SyntaxError: '\(' was never closed \(syntax.py, line 2\)"
    ):
        load_tasks(str(path))


SHARED = """
import asltool

tasks = asltool.Tasks()
"""
USES = """
from asltool_test_a_shared import tasks

@tasks.handler("{name}")
def handle(event, context):
    return "{name}"
"""


def test_a_folder_stands_for_every_file_in_it(tmp_path: Path) -> None:
    (tmp_path / "asltool_test_a_shared.py").write_text(SHARED)
    (tmp_path / "asltool_test_charge.py").write_text(USES.format(name="charge"))
    (tmp_path / "asltool_test_refund.py").write_text(USES.format(name="refund"))
    (tmp_path / "asltool_test_other.py").write_text(SHARED)
    (tmp_path / "asltool_test_none.py").write_text("x = 1")
    shared, other = find_tasks(str(tmp_path))
    assert shared.find("charge", "S")
    assert shared.find("refund", "S")
    assert len(other) == 0


def test_a_module_and_one_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "asltool_test_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text(SHARED + "number = 7")
    (package / "two.py").write_text(SHARED + "more = asltool.Tasks()")
    (found,) = find_tasks("asltool_test_package.one")
    assert find_tasks("asltool_test_package.one:tasks") == [found]
    assert len(find_tasks("asltool_test_package.two:more")) == 1
    for source, message in [
        (
            "asltool_test_package.two",
            'asltool_test_package.two has several Tasks: "more", "tasks". keep one',
        ),
        (
            "asltool_test_package.one:number",
            '"number" of asltool_test_package.one is of type int, not Tasks',
        ),
        ("asltool_test_package.one:x", '"x" of asltool_test_package.one does not exist'),
        (
            "asltool_test_package.three",
            "asltool_test_package.three cannot be imported: ModuleNotFoundError: No module named",
        ),
    ]:
        with pytest.raises(TasksError) as wrong:
            find_tasks(source)
        assert str(wrong.value).startswith(message)


def test_a_file_is_named_as_before(tmp_path: Path) -> None:
    (tmp_path / "asltool_test_alone.py").write_text(SHARED)
    assert len(find_tasks(str(tmp_path / "asltool_test_alone.py"))) == 1


@pytest.mark.parametrize("source", ["nowhere.py", "no/where"])
def test_what_is_not_there(source: str) -> None:
    with pytest.raises(TasksError, match=f"^{source} does not exist$"):
        find_tasks(source)


def test_a_folder_without_tasks(tmp_path: Path) -> None:
    with pytest.raises(
        TasksError, match=r"^no Python file in .* has Tasks\. begin it with\n\n    import asltool"
    ):
        find_tasks(str(tmp_path))
