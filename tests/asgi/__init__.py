"""Tests of asgi/."""
