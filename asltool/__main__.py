"""``python -m asltool`` is the command ``asltool``."""

from asltool.cli import main

main(prog_name="asltool")
