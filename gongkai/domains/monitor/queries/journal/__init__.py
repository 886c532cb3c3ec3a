"""The ledger as people read it: by organ, person, record and day, each change as before and after."""
