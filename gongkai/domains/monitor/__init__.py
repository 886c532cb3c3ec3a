"""Watching what is really served, and the links that papers carry. Reads everything, changes nothing of it."""
