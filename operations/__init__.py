"""Running mus: the server, health check, metrics, backups, restores, and moves between databases.

Also the system checks of DATA_DIR and addresses, and the commands.
"""
