"""Persistent storage: documents, definitions, and executions with their logs."""

from asltool.store.opening import open_store, open_to_read
from asltool.store.port import ExecutionRow, LoggedStep, Store, StoredDocument

__all__ = ["ExecutionRow", "LoggedStep", "Store", "StoredDocument", "open_store", "open_to_read"]
