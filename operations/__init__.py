"""What runs mus: the server, health and metrics, backups, restores and moves of a library."""
