"""Runs scans from inside a server: starts each in a child process, watches the process, and begins
scheduled scans."""
