"""Scans that a server starts, watches and ends."""
