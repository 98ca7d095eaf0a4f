"""The events of an execution, as GetExecutionHistory returns them.

- ``event_types``: the table of events, used for writing and reading
- ``records``, ``events``, ``timestamps``: a history in compact form, and as events
- ``shape``: the check that every reader relies on
- ``story``, ``visits``: which states were entered, their attempts, the transitions taken
- ``targets``, ``counting``: the coverage targets of a machine, and how often a run reached them
- ``stays``: the states of each branch and iteration in order, without a definition, for comparing
- ``summary``: an event in a few words
- ``calls``: the calls of tasks with their outcomes, for replaying
"""
