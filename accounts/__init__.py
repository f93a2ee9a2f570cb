"""Users and their two roles: logins and their limit, sessions, and the link of the first run."""
