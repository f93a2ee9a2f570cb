"""The server process: how it begins and ends."""
