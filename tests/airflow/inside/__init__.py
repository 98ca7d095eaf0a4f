"""What runs where Airflow is installed."""
