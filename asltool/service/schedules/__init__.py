"""EventBridge Scheduler: schedules and their groups in the store, and the timers that fire them.

``schedules`` and ``groups`` are the API's operations, one function each. `ScheduleTimers` in ``timers`` fires
schedules and the rules of event buses that have one; ``due`` computes when.
"""
