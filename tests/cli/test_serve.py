"""``asltool serve``: its help."""

from __future__ import annotations

import re

from click.testing import CliRunner

from asltool.cli import main
from asltool.cli.serve import serve
from asltool.cli.serve_options import GROUPS


def test_every_option_is_in_one_group_of_the_help() -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert sorted(listed) == sorted(each.name or "" for each in serve.params if each.name != "definitions")
    text = CliRunner().invoke(main, ["serve", "--help"]).stdout
    titles = re.findall(r"^(\S.*):$", text, re.M)
    assert titles[-len(GROUPS) - 1 :] == [*GROUPS, "Other options"]
    assert text.count("--port") == text.count("--tasks TASKS") + 1 == 2
