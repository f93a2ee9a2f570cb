"""What a client costs that keeps a copy of a large library."""
