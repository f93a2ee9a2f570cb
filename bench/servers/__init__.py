"""Measures two servers on PostgreSQL behind one nginx, with Redis and without.

`python -m bench.servers`, part of `make bench`.
"""
