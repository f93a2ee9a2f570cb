"""Tests of smart playlists."""
