"""What people make of the library: where each user's player stands."""
