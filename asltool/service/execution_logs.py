"""The logs of executions, as a machine's ``loggingConfiguration`` asks for them: a file for each log group.

An entry is appended once its step is durable. What is to be appended is a document of the same commit, with
the place in the file, so that after a crash between the two the rest is appended, and nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from asltool.history.log_entries import log_entries
from asltool.store.execution_log import Change
from asltool.store.port import ExecutionRow, Store

__all__ = ["ExecutionLogs"]

_KIND = "log entries"
"""The kind of the one document: by the name of a file, its size before, and what the commit adds."""

_LONGEST = 200
"""How many characters of a log group's name are in the name of its file."""


class ExecutionLogs:
    """Writes to a folder, which it makes. Make it before executions go on.

    Raises:
        OSError: the folder cannot be made, or a file in it cannot be written.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._configurations: dict[str, dict[str, Any]] = {}
        self._added: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for name, (size, text) in (store.get(_KIND, "") or {}).items():
            self._append(name, text, max(0, self._size(name) - size))

    def before(self, changes: Sequence[Change]) -> None:
        """Keep the entries of a commit in the store, as a part of it."""
        self._added = {}
        added: dict[str, list[str]] = defaultdict(list)
        for row, records in changes:
            configuration = self._configuration(row)
            if configuration.get("level", "OFF") == "OFF":
                continue
            level, data = configuration["level"], configuration["includeExecutionData"]
            entries = log_entries(records, row.arn, level, data=data, redrives=row.redrives)
            added[_file_name(configuration)] += (json.dumps(entry) + "\n" for entry in entries)
        self._added = {name: "".join(lines) for name, lines in added.items() if lines}
        if self._added:
            body = {name: [self._size(name), text] for name, text in self._added.items()}
            self._store.put(_KIND, "", body)

    def after(self, changes: Sequence[Change]) -> None:
        """Append what `before` has kept."""
        for name, text in self._added.items():
            self._append(name, text)

    def close(self) -> None:
        """Note that nothing is left to be appended, so that the files can be moved before the next start."""
        self._store.remove(_KIND, "")
        self._store.commit()

    def _append(self, name: str, text: str, done: int = 0) -> None:
        """Append to a file what is not ``done`` of an ASCII text."""
        if done < len(text):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / name).open("a", encoding="ascii") as file:
                file.write(text[done:])

    def _size(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_size if path.exists() else 0

    def _configuration(self, row: ExecutionRow) -> dict[str, Any]:
        """Return the ``loggingConfiguration`` that the machine had when this execution began."""
        digest = row.settings.get("machine", "")
        if digest not in self._configurations:
            machine = json.loads(self._store.definition(digest) or "{}")
            self._configurations[digest] = machine.get("loggingConfiguration", {})
        return self._configurations[digest]


def _file_name(configuration: dict[str, Any]) -> str:
    """Return the name of a log group's file: the group's, with ``%2F`` and so on for what is not safe."""
    arn = configuration["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    name = quote(arn.split(":log-group:")[-1].removesuffix(":*").strip("/"), safe="")
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return f"{name}.jsonl"
