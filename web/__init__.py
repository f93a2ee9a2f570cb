"""The pages: the player with its static files, the login, password changes and the first run."""
