"""DAGs with asltool in Airflow, in a virtual environment of their own: ``python -m tests.airflow``.

- ``environment``: makes that environment from ``lock.txt``
- ``inside``: what runs in it, by pytest there: ``check_*.py``, with their DAGs in ``inside/dags``
- ``test_airflow``: what the suite runs of it, if the environment exists
"""
