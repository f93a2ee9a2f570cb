"""What the database has to hold before the first event."""
