"""Metrics in Prometheus' format.

`requests` measures each request. `library_facts` queries the database whenever `endpoint` is
scraped. The metrics of events are in `events.metrics`. Each process has metrics of its own.
"""
