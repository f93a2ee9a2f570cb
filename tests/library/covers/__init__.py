"""Covers: any picture as WebP, made once, and served to those who are logged in."""
