"""What happened: the events of an execution, as GetExecutionHistory gives them."""
