"""Measures what requests cost the server: `python -m bench.requests`, part of `make bench`."""
