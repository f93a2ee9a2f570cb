"""Upgrades a library of the version before, and looks at what became of it."""
