"""EventBridge Scheduler: schedules and their groups in the store, and what fires when it is due.

``schedules`` and ``groups`` are the API's operations, one function each. `Timers` in ``timers`` fires
schedules and the rules of event buses that have one; ``due`` says when.
"""
