"""Files as responses, in plain ASGI: ranges, preconditions, and the threads that read each disk."""
