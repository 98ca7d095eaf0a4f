"""The folder that stands for S3, watched: files that change become S3's events on the default bus.

``files`` looks at files, `Changes` in ``changes`` decides which are whole and new, ``events`` makes the
events, and `ObjectWatch` in ``watch`` puts them on the bus.
"""
