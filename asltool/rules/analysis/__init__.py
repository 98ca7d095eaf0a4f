"""What the checks share: scopes and fields of a definition, its graph, variables, and the flow of data."""
