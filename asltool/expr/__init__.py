"""The languages inside strings: JSONPath, intrinsic functions, JSONata, payload templates, comparisons.

An expression is compiled once into an `Evaluate`, a function of a document and an `Environment` (variables,
context object, time, randomness). This room knows no states: an expression and data in, a value out. A string
that cannot be read is an `ExpressionError`; one that fails on its data is an `EvaluationError`.

- ``jsonpath``: the service's JSONPath; start at ``jsonpath.parser``
- ``intrinsics``: ``States.Format`` and the other functions; one decorator registers each of them
- ``jsonata``: JSONata 2.0.6; a parser of our own for positions, engines for evaluation
- ``payload``: objects in which a key that ends in ``.$`` holds an expression
- ``choice``, ``values``, ``timestamps``: how JSON values are compared

Start at ``payload`` and ``environment``.
"""
