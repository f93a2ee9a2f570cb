"""The collection: what is in it, how it is scanned, and how it is shown."""
