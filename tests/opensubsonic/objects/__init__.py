"""Tests of the objects of the protocol."""
