"""Nouns; the only readers that faces use. They give plain values, never querysets."""
