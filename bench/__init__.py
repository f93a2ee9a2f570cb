"""Benchmarks anyone can run: `python -m bench`, or `make bench`. README.md beside this says how."""
