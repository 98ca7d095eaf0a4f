"""The expression languages: JSONPath, intrinsic functions, JSONata, payload templates and comparisons.

An expression is compiled once into an `Evaluate`, a function of a document and an `Environment` (variables,
context object, time, randomness). This package does not deal with states: it takes an expression and data,
and gives a value. A string that is not valid raises `ExpressionError`; an expression that fails on its data
raises `EvaluationError`.

- ``jsonpath``: the service's JSONPath; start at ``jsonpath.parser``
- ``intrinsics``: ``States.Format`` and the other functions; one decorator registers each of them
- ``jsonata``: JSONata 2.0.6; our own parser for positions, engines for evaluation
- ``payload``: objects whose keys that end in ``.$`` hold expressions
- ``choice``, ``values``, ``timestamps``: how JSON values are compared

Start at ``payload`` and ``environment``.
"""
