"""Processes that read files, and the process that they are forked from."""
