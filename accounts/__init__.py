"""Users and their two roles: logins and their limit, sessions, and the link for creating the first
administrator."""
