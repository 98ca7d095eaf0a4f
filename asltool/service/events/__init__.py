"""EventBridge: buses, rules and targets in the store, and events that start machines.

``buses``, ``rules``, ``targets`` and ``putting`` are the API's operations, one function each. `Events` in
``events`` routes an event to the targets of the rules that match it: executions start in the commit of the
event, and other deliveries are stored until ``delivery`` has made them. ``status`` creates the events about
executions.
"""
