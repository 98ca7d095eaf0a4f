"""Carrying out what executions ask for: drivers, clocks, and the ports they reach the outside through."""
