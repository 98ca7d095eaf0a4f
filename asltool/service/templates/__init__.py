"""What starts the machines of a template: its rules, schedules and events, as requests to the APIs.

``reading`` finds them; ``machine_events`` has those that SAM writes beside a machine, ``serverless`` those of
serverless.yml. ``applying`` has the service serve them.
"""
