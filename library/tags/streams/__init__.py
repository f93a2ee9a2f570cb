"""Readers of any file, however unusual: one module for each family of formats."""
