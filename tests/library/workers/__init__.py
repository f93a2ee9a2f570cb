"""Tests of the processes and threads that read files."""
