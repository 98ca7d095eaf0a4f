"""The semantic checks, one file each."""
