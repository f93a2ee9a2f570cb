"""Keeps the catalogues of translated texts up to date: `make messages`."""
