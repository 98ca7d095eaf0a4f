"""Children of map runs, and tasks, on the workers of a Dask cluster.

`cluster` sends the work, `on_worker` runs it, and `connecting` connects to clusters.

Source: https://distributed.dask.org/en/stable/
"""
