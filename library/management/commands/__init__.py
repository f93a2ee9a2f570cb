"""Django finds commands in this package: each module is a command of manage.py."""
