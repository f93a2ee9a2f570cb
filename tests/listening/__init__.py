"""Tests of what people make of the library."""
