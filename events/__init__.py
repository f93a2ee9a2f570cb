"""The live summary: what is said when a scan is over, and how it is kept until it is heard.

A row in the database is the truth (`storage`), a message to a channels group is only the bell that
wakes the listeners (`bell`). One relay in each server process reads the one and hears the other
(`relay`), and feeds the streams of that process (`stream`).
"""

from events.bell import announce, announce_and_drain, announce_from_thread, drain

__all__ = ["announce", "announce_and_drain", "announce_from_thread", "drain"]
