"""The sample company: raw tables as loaders land them, and the truth about them for tests."""

from plumbline.sample.writer import Progress, Written, generate

__all__ = ["Progress", "Written", "generate"]
