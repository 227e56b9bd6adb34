"""Everything that is made from the definitions and checked in."""
