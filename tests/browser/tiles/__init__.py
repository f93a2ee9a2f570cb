"""Tiles: they play, have menus, are selected, and are dragged."""
