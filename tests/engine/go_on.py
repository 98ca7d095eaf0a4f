"""Goes on with the dump on standard input, against a tasks file, and prints the history."""

import json
import sys

from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.driver.workers import Workers
from asltool.engine import Execution
from asltool.integrations.handlers import Handlers
from asltool.integrations.tasks_file import load_tasks

execution = Execution.load(json.load(sys.stdin))
with Workers(Handlers(load_tasks(sys.argv[1]))) as workers:
    runner.run(execution, workers, VirtualClock(execution.now))
json.dump(execution.history, sys.stdout)
