"""Text to positioned document to typed model. Problems are collected, never thrown at the first."""
