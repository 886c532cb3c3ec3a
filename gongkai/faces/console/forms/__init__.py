"""The forms of pages that have several."""
