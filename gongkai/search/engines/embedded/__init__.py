"""The engine in the site's own folder: tantivy, read by every process, written by one."""
