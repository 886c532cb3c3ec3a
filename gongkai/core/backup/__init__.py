"""One file that brings the whole site back: every table, every original, the keys and the anchors of the ledger.

It is written while the site is in use, from one unchanging view of the database, in a form that
belongs to no database: what was saved from SQLite can be restored into PostgreSQL, and the other
way round. No domain is known here; the tables are those of whatever is installed.
"""
