"""Triggers of state machines: event patterns, schedules and buses, without HTTP, clock and store.

`patterns.compile_pattern` returns a pattern that matches events, `schedules.read_schedule` a schedule that
computes its firings, and `buses` finds the rules and targets of an event. All of them are plain values.
"""
