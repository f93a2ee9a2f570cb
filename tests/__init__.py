"""Tests: real audio, a real database, real processes, a real browser."""
