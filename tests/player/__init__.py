"""Tests of the player's scripts without a browser."""
