"""What starts a state machine; no HTTP, no clock and no store.

`patterns.compile_pattern` makes a pattern that matches events.
"""
