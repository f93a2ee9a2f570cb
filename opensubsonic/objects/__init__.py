"""The objects of the protocol, made for a whole page at a time from rows of the library."""
