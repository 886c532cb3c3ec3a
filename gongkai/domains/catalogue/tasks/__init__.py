"""Reading files of columns."""
