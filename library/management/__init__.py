"""The commands of the library, and how they show their results."""
