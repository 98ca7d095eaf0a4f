"""What tasks and Maps reach outside: handlers, Lambda, AWS, HTTP, mocks, storage.

`Workers` (``workers``) implements the driver's task port. It asks each integration whether it does a call and
runs the function that it gets: in place, in a thread, or on the event loop. ``jobs`` says what an integration
is, and ``missing`` finds tasks that none of them does before a run starts.

- ``tasks``, ``handlers``, ``callbacks``, ``activities``: Python functions, task tokens, activity workers
- ``lambda_project``, ``sam``, ``executions``, ``http_invoke``, ``aws``: other ways to do tasks
- ``scripted``, ``mock_config``, ``recording``, ``replay``: tests without the services
- ``map_storage``, ``item_readers``, ``result_writer``, ``objects``: what Distributed Maps read and write
- ``checkpoint``, ``journal``: saved executions; ``processes``, ``map_runs``: children in worker processes

Start at ``jobs`` and ``handlers``.
"""
