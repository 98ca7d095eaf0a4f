"""What a Task reaches outside the engine, each behind the engine's ports."""
