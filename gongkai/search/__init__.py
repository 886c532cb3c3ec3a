"""Searching: one port and its engines. Knows no record types, no domain and no Django."""
