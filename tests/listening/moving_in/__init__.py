"""Tests of what comes from other servers."""
