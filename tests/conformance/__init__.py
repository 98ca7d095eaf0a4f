"""Runs cases recorded from the service and compares; ``python -m tests.conformance CORPUS_DIR``."""
