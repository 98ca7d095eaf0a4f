"""What tasks and Maps use outside the engine: handlers, Lambda, AWS, HTTP, mocks, storage.

The driver's `Workers` ask each integration in turn for a function that performs a call, and run it in place,
in a thread, or on the event loop. `asltool.driver.jobs` explains integrations; ``integration`` makes one from
a function. ``missing`` finds tasks without an integration before a run, and reports them during one.

- ``tasks``, ``handler``, ``handlers``, ``activities``: Python functions, activity workers
- ``lambda_project``, ``sam``, ``executions``, ``http_invoke``, ``aws``: other integrations
- ``scripted``, ``mock_config``, ``recording``, ``replay``: tests without the services
- ``map_storage``, ``item_readers``, ``result_writer``, ``objects``: what Distributed Maps read and write
- ``map_runs``, ``journal``: the settings and the journals of map runs

Start at ``integration`` and ``handlers``.
"""
