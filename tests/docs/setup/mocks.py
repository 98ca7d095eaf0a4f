"""A machine, its handlers and an input, for the examples in Python."""

from __future__ import annotations

import json
from pathlib import Path

import asltool
from asltool.integrations.tasks_file import load_tasks

machine = asltool.load("samples/etl/etl.asl.json")
tasks = load_tasks("samples/etl/tasks.py")
value = json.loads(Path("samples/etl/inputs/good.json").read_text(encoding="utf-8"))
