"""One room per file format; each turns bytes into a `Raw`: blocks in reading order plus metadata."""
