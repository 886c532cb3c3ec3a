"""Verbs; the only writers. Each runs in one transaction: fold, check, append, project."""
