"""jsonpath."""
