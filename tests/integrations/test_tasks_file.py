"""Tasks from a file, and what is wrong with files that have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from asltool import TasksError
from asltool.integrations.tasks_file import load_tasks

GOOD = """
import asltool
import asltool_test_beside
work = asltool.Tasks()
also_work = work

@work.handler("f")
def f(event, context):
    return asltool_test_beside.ANSWER
"""


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
            "{path} makes no Tasks. begin it with\n\n    import asltool\n\n    tasks = asltool.Tasks()",
        ),
        (
            "two.py",
            "import asltool\na = asltool.Tasks()\nb = asltool.Tasks()",
            '{path} makes several Tasks: "a", "b". keep one, and register every handler with it',
        ),
        (
            "broken.py",
            "x = 1\ny = x + z\n",
            "{path} cannot be imported: line 2: NameError: name 'z' is not defined",
        ),
        ("tasks.txt", "", "{path} is no Python file: expected a name that ends in .py"),
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
