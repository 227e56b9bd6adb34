"""Lint: SQL that spells a governed term by hand, or nearly, in compiled models and in queries of BI tools."""
