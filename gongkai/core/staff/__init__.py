"""People who work here: to which organ they belong, what they may do."""
