"""Asking the site: from what somebody typed to an answer that any face can show."""
