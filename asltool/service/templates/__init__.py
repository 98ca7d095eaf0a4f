"""The triggers of a template's machines: rules, schedules and events, as requests to the APIs.

``reading`` finds them; ``machine_events`` handles the events of a machine in SAM, ``serverless`` those in
serverless.yml. ``applying`` creates them in the service.
"""
