"""The documentation is true and complete."""
