"""Moving a library to another database."""
