"""``python -m tests``: format, lint, types and tests, in one go; what follows is handed to pytest.

Exits non-zero if any of them fails. pytest's own summary is the last line.
"""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    ("ruff", "format", "--check", "--quiet", "."),
    ("ruff", "check", "--quiet", "."),
    ("mypy",),
    ("pytest", *sys.argv[1:]),
)


def main() -> int:
    failed = [
        check for check in CHECKS if subprocess.run([sys.executable, "-m", *check], check=False).returncode
    ]
    return 1 if failed else 0


sys.exit(main())
