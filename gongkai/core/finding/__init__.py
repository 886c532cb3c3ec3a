"""What the public can find: every domain offers its records, one process indexes them, all others ask."""
