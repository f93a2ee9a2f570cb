"""The pages: the player with its static files, login, passwords, API keys, the first run."""
