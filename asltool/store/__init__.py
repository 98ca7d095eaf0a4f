"""What outlives the process: documents, definitions, and executions by their log."""

from asltool.store.opening import open_store, open_to_read
from asltool.store.port import Document, ExecutionRow, Step, Store

__all__ = ["Document", "ExecutionRow", "Step", "Store", "open_store", "open_to_read"]
