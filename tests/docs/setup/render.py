"""The machine of the page about running, and its handlers."""

from __future__ import annotations

from asltool.integrations.tasks_file import load_tasks
from tests.docs.setup.world import copy_files_of

copy_files_of("docs/run.md")
tasks = load_tasks("tasks.py")
