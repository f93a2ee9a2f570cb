"""Scrobbling, against a local server that speaks the services' protocols."""
