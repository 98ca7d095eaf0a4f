"""Intrinsic functions: ``States.Format('Hello {}', $.name)`` and its seventeen siblings.

A new function is one decorated Python function in a module that `functions` names, and its case rows.
"""
