"""The law as functions: standard library only, one function a rule, its article in the decorator."""
