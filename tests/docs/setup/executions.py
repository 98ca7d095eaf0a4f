"""A folder with executions of a server, and one of a server that was copied."""

from __future__ import annotations

from tests.cli.kept_executions import keep

keep(".asltool/server")
