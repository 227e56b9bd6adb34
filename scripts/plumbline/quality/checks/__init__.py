"""Conventions of the project as checks: a typed function each, with a stable code; `plumbline check` runs them."""
