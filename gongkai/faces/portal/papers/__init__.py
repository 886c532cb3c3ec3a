"""Papers made here from public text: PDF and Word files with a red head."""
