"""Backups made and restored by `manage.py`, on installations of their own."""
