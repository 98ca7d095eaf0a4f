"""The Step Functions API over HTTP: what AWS clients speak to on your own machine.

A request passes ``guard`` (who may ask), then ``protocol`` (JSON 1.0: operation, caller, errors), and
`asltool.service` answers it. ``app`` puts them together; ``own`` has what asltool itself serves under
``/_asltool/``; ``start`` binds the port, runs the loop and ends it.

The room knows HTTP and nothing of state machines. Start at ``app``.
"""
