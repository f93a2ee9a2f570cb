"""What people do to files, and whether tracks keep their ids: a matrix of all formats and changes,
and the same over a large library."""
