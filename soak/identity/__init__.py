"""A soak test of what tracks are recognised by: scans are killed at random moments, and the library
must be the one that a scan without a disturbance makes.

`python -m soak.identity` runs a hundred rounds, which take some minutes. `--seed` repeats a run.
With PostgreSQL: `python -m tests.services python -m soak.identity`.

Each round changes the files of a library at random, and copies its database. On the copy, the
twin, a scan runs undisturbed. On the database itself, scans of the same files are killed, and a
last one is not. Then both are compared; see `soak.identity.comparison`.
"""
