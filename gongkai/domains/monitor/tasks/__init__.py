"""Looking at sites from outside. Nothing here knows Django, so that it runs on any machine."""
