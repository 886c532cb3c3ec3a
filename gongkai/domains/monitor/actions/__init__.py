"""The only writers of what was found."""
