"""The pages: the player and its static files, the login, passwords and the first run."""
