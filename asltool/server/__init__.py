"""The Step Functions API over HTTP, for AWS clients on your own machine.

A request passes ``guard`` (access), then ``protocol`` (JSON 1.0: operation, caller, errors), and
`asltool.service` answers it. ``app`` combines them; ``own`` has asltool's own endpoints under ``/_asltool/``;
``start`` binds the port, runs the loop and shuts it down.

This package handles HTTP but not state machines. Start at ``app``.
"""
