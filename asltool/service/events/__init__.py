"""EventBridge: buses, rules and targets in the store, and events that start machines.

``buses``, ``rules``, ``targets`` and ``putting`` are the API's operations, one function each. `Events` in
``events`` brings an event to the targets of the rules that match it: executions start in the commit that the
event belongs to, and what goes elsewhere is kept until ``delivery`` has done it. ``status`` makes the events
about executions.
"""
