"""The command line: the fourth face. Every command is one call to an action, a query or a task."""
