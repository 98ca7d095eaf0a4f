"""Watch the folder used in place of S3: file changes become S3 events on the default bus.

``files`` reads files, `Changes` in ``changes`` decides which are complete and new, ``events`` creates the
events, and `ObjectWatch` in ``watch`` puts them on the bus.
"""
