"""Tests of `plumbline.definitions`."""
