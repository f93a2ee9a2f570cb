"""Processes and threads that read files, and the process that the processes are forked from."""
