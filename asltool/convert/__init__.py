"""What other tools define, made into state machines."""
