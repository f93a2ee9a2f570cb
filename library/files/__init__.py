"""A music folder as it is on the disk: which names count, what a folder lists, in which order."""
