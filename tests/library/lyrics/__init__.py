"""Lyrics, beside tracks and in their tags."""
