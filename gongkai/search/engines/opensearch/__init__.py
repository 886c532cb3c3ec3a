"""The engine for when one machine is not enough: OpenSearch, fed the same pairs and words, asked by the same plan."""
