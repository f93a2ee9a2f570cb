"""Tests of the collection and of the scans that fill it."""
