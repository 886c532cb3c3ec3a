"""Engines behind the one port."""
