"""Tests of what the soak tests rely on."""
