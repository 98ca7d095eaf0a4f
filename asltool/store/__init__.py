"""What outlives the process: documents, definitions, and executions by their log."""

from asltool.store.opening import open_store, open_to_read
from asltool.store.port import ExecutionRow, LoggedStep, Store, StoredDocument

__all__ = ["ExecutionRow", "LoggedStep", "Store", "StoredDocument", "open_store", "open_to_read"]
