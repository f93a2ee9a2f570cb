"""The collection: what is in it, and how folders are scanned into it."""
