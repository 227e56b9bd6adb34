"""The sample company's raw tables as other loaders land them, made from the Fivetran shape."""

from plumbline.sample.loaders.convert import LOADERS, convert, require_known

__all__ = ["LOADERS", "convert", "require_known"]
