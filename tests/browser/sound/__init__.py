"""The player with real sound: what is played, kept, shared between tabs, and survived."""
