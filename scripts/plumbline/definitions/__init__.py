"""Definitions: one meaning per term.

`load_library` reads `definitions/` below a project's root; `build` makes from it what is checked in (dbt
macros, tests from examples, doc blocks, the catalogue, schemas for editors); `check_library` holds it against
its examples, sign-offs and reviews.
"""

from plumbline.definitions.build import build, generated_files, stale_files
from plumbline.definitions.checks import check_library
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.loading import load_library
from plumbline.definitions.meaning import meaning
from plumbline.definitions.problems import DefinitionsError, Problem

__all__ = [
    "DefinitionsError",
    "Governed",
    "Library",
    "Problem",
    "build",
    "check_library",
    "generated_files",
    "load_library",
    "meaning",
    "stale_files",
]
