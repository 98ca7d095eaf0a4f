"""Drivers carry out the effects of executions, by clocks and through ports to the outside.

A `Fleet` decides what to do, without I/O. A driver does it, blocking (`Runner`) or on an event loop
(`AioDriver`), in a loop::

    turn = fleet.turn(now, answers)     # calls executions; each call is noted in the log
    answers = reach(turn.reaches)       # reads and writes for map runs; to do so twice changes nothing
    log.commit()                        # whatever was noted is durable from here on
    carry_out(turn.effects)             # begins and cancels work
    answers += wait(turn.wake_at)       # until something is answered, or it is time

Turns may share a commit as long as one comes before effects and before the driver waits. ``on_end`` of an
execution is called before the commit. From outside come answers, to the ticket of the call that a task token
or an activity's task belongs to, and StopExecution: `Fleet.abort`.
"""
