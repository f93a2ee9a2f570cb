"""Which tracks, albums and artists there are, in which order, for every face that shows them."""
