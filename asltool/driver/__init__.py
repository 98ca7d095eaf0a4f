"""Carrying out what executions ask for: drivers, clocks, and the ports they reach the outside through.

A `Fleet` says what is to be done, without I/O. A driver does it, blocking (`Runner`) or on an event loop
(`AioDriver`), over and over::

    turn = fleet.turn(now, answers)     # calls executions; each call is noted in the log
    answers = reach(turn.reaches)       # reads and writes for map runs; to do so twice changes nothing
    log.commit()                        # whatever was noted is durable from here on
    carry_out(turn.effects)             # begins and cancels work
    answers += wait(turn.wake_at)       # until something is answered, or it is time

Turns may share a commit as long as one comes before effects and before the driver waits. ``on_end`` of an
execution is called before the commit. From outside come answers, to the ticket of the call that a task token
or an activity's task belongs to, and StopExecution: `Fleet.abort`.
"""
