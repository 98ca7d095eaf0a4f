"""The logs of executions, by a machine's ``loggingConfiguration``: one file for each log group.

An entry is appended once its step is durable. The commit stores the entries and their position in the file,
so that after a crash the missing ones are appended, and none twice.
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
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow, Store

__all__ = ["ExecutionLogs"]

_KIND = "log entries"
"""The kind of the one document: by the name of a file, its size before, and what the commit adds."""

_LONGEST = 200
"""How many characters of a log group's name are in the name of its file."""


class ExecutionLogs:
    """Writes to a folder, which it creates. Create it before executions continue.

    Raises:
        OSError: the folder cannot be created, or a file in it cannot be written.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._configurations: dict[str, dict[str, Any]] = {}
        self._added: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for name, (size, text) in (store.get(_KIND, "") or {}).items():
            self._append(name, text, max(0, self._size(name) - size))

    def before(self, changes: Sequence[ExecutionChange]) -> None:
        """Store the entries of a commit as a part of it."""
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

    def after(self, changes: Sequence[ExecutionChange]) -> None:
        """Append the entries that `before` has stored."""
        for name, text in self._added.items():
            self._append(name, text)

    def close(self) -> None:
        """Record that all entries are appended, so that the files can be moved before the next start."""
        self._store.remove(_KIND, "")
        self._store.commit()

    def _append(self, name: str, text: str, done: int = 0) -> None:
        """Append the part of an ASCII text that is not ``done``."""
        if done < len(text):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / name).open("a", encoding="ascii") as file:
                file.write(text[done:])

    def _size(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_size if path.exists() else 0

    def _configuration(self, row: ExecutionRow) -> dict[str, Any]:
        """Return the ``loggingConfiguration`` of the machine when this execution started."""
        digest = row.settings.get("machine", "")
        if digest not in self._configurations:
            machine = json.loads(self._store.definition(digest) or "{}")
            self._configurations[digest] = machine.get("loggingConfiguration", {})
        return self._configurations[digest]


def _file_name(configuration: dict[str, Any]) -> str:
    """Return the name of a log group's file: the group's, with unsafe characters escaped, such as ``%2F``."""
    arn = configuration["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    name = quote(arn.split(":log-group:")[-1].removesuffix(":*").strip("/"), safe="")
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return f"{name}.jsonl"
