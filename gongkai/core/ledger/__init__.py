"""The ledger: append-only, chained by SM3, one table for all streams."""
