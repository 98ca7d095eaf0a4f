"""Drivers carry out the effects of executions, with clocks and with ports to the outside.

A `Fleet` decides what to do, without I/O. A driver does it, blocking (`Runner`) or on an event loop
(`AioDriver`), in a loop::

    turn = fleet.turn(now, answers)     # calls executions; each call is noted in the log
    answers = reach(turn.reaches)       # idempotent reads and writes for map runs
    log.commit()                        # everything noted so far is now durable
    carry_out(turn.effects)             # starts and cancels work
    answers += wait(turn.wake_at)       # until an answer arrives or a timer is due

Turns may share a commit, as long as there is one before effects and before the driver waits. ``on_end`` of an
execution is called before the commit. Two things come from outside: answers to the ticket of a call, by a
task token or an activity's task, and StopExecution (`Fleet.abort`).
"""
