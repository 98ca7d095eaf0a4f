"""Workflows of AWS Glue as state machines.

``reading`` finds workflows (``workflow``), ``firing`` which of their triggers can fire, and after what.
``plan`` orders the jobs and crawlers, ``states`` makes states of that, ``machine`` the whole definition, and
``beside`` a template with what starts it.
"""
