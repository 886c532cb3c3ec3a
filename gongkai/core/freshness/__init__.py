"""Knowing what a kept page shows, and making it void the moment that changes.

Everything that a visitor may see has a *tag* (`document:12`, `library`, `agencies`, `site`). Who
changes it touches the tag inside the transaction; whoever keeps pages asks the board whether a
page made at some moment still holds.
"""
