"""Two browsers of one user change the queue at random, and their network is cut at random."""
