"""What starts a state machine: event patterns, schedules and buses; no HTTP, no clock and no store.

`patterns.compile_pattern` makes a pattern that matches events, `schedules.read_schedule` an expression that
knows when it fires, and `buses` the rules and targets that an event reaches. All of them are plain values.
"""
