"""Detect files that are new, replaced or removed since the last check, and complete."""

from __future__ import annotations

from collections.abc import Mapping

from asltool.service.objects.files import Stamp

__all__ = ["QUIET", "Changes"]

QUIET = 0.1
"""Seconds without a change after which a file is complete. One that was moved in may be complete at once."""


class Changes:
    """``seen`` are the files by name, as reported by the events so far. Timestamps are seconds."""

    def __init__(self, seen: dict[str, Stamp]) -> None:
        self.seen = seen
        self._pending: dict[str, tuple[Stamp, float]] = {}

    def note(self, found: Mapping[str, Stamp | None], now: float) -> list[str]:
        """Record the current files at some names (None: no file); return the removed ones."""
        gone = [name for name, stamp in found.items() if stamp is None]
        gone += self._below({name for name in gone if name not in self.seen and name not in self._pending})
        for name in gone:
            self._pending.pop(name, None)
        for name, stamp in found.items():
            if stamp is None or stamp == self.seen.get(name):
                self._pending.pop(name, None)
            elif name not in self._pending or self._pending[name][0] != stamp:
                self._pending[name] = stamp, min(now, stamp.changed / 1e9) + QUIET
        return [name for name in gone if name in self.seen]

    def note_all(self, found: Mapping[str, Stamp | None], now: float) -> list[str]:
        """Record all current files."""
        missing = (self.seen.keys() | self._pending.keys()) - found.keys()
        return self.note({**dict.fromkeys(sorted(missing)), **found}, now)

    def _below(self, folders: set[str]) -> list[str]:
        """Return the files below removed names, because for a folder only its own name is reported."""
        if not folders:
            return []
        return [name for name in (*self.seen, *self._pending) if not folders.isdisjoint(_above(name))]

    def whole(self, now: float) -> list[str]:
        """Return the files that have not changed for long enough."""
        return [name for name, (_, ready) in self._pending.items() if ready <= now]

    def is_whole(self, name: str, stamp: Stamp | None) -> bool:
        """Return whether a file has still not changed."""
        return name in self._pending and self._pending[name][0] == stamp

    def give_up(self, name: str) -> None:
        """Forget a file that cannot be read."""
        self._pending.pop(name, None)

    def settle(self, name: str, stamp: Stamp | None) -> None:
        """Mark a file, or its absence, as seen."""
        self._pending.pop(name, None)
        if stamp is None:
            self.seen.pop(name, None)
        else:
            self.seen[name] = stamp

    def rest(self, now: float, most: float) -> float:
        """Return the seconds until a file may be complete, at most ``most``."""
        return max(0.0, min([most, *(ready - now for _, ready in self._pending.values())]))


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
