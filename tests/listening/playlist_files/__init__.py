"""Tests of playlist files: reading, writing, finding tracks, and following them."""
