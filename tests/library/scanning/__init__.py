"""The scan, from real files to rows."""
