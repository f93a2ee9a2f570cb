"""The rules of albums, without files and without a database."""
