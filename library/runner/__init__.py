"""Scans from inside a server: their process, what it says, and the schedule."""
