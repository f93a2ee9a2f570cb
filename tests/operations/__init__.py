"""Tests of what runs mus."""
