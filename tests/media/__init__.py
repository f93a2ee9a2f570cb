"""Streams: files over HTTP."""
