"""What happened: the events of an execution, as GetExecutionHistory gives them.

- ``event_types``: the one table of events, for writing and for reading
- ``records``, ``events``, ``timestamps``: a history in its short form, and spelled out
- ``shape``: what every reader relies on, checked
- ``story``, ``visits``: which states were entered, their attempts, the transitions taken
- ``targets``, ``counting``: what there is to reach in a machine, and how often a run reached it
- ``stays``: the states of each branch and iteration in order, without a definition, for comparing
- ``summary``: an event in a few words
- ``calls``: what tasks were asked, and how it went, for replaying
"""
