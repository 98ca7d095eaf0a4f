"""Children of map runs, and tasks, on the workers of a Dask cluster.

`cluster` is the side that sends, `on_worker` the side that runs. `connecting` has the clusters themselves.

Source: https://distributed.dask.org/en/stable/
"""
