"""daphne, adapted to mus: limits on requests, backpressure for slow clients, a quick shutdown."""
