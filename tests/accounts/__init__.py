"""Users, and how they and their programs log in."""
