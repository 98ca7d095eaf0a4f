"""What the checks share: scopes, fields, the graph, variables and data flow of a definition."""
