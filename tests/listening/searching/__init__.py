"""Tests of the search as people type it."""
