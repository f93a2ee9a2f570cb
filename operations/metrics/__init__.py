"""Metrics in Prometheus' format.

`requests` measures each request. Whenever `endpoint` is scraped, `library_facts` queries the
database, and `process_facts` tells what this process has noticed. The metrics of events are in
`events.metrics`. Each process has metrics of its own.
"""
