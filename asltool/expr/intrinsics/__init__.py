"""Intrinsic functions: ``States.Format('Hello {}', $.name)`` and its seventeen siblings.

To add a function, write one decorated Python function in a module that `functions` imports, and its test
cases.
"""
