"""Proofs about definitions: two of them compared, variants held against the shared version, models, and changes."""
