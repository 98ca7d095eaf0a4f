"""From text to a document with positions to a typed model. Problems are collected, not raised.

1. ``reader`` reads a file into `Document` values: JSON, YAML, and the templates of ``sources`` and ``hcl``.
   A document has the JSON value, the position of every part of it, and the problems of its text.
2. ``structure`` compares the value with the schema: ``judge`` finds the faults, ``explain`` turns them into
messages. 3. ``build`` makes the typed ``model`` of whatever is valid, so that the rules can check it.

Everything inside a definition is parsed here, once: ``resource`` (a Task's Resource), ``integrations`` (the
table of optimized integrations), ``condition`` (a Choice rule as a tree), ``stages`` (the fields that data
passes through, in order). ``diagnostics`` and ``fixes`` turn findings into positions and edits.

Start at ``document`` and ``reader``.
"""
