"""Reading official documents (公文): pure functions, no Django, no database, no clock."""
