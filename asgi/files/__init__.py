"""Files over HTTP, as plain ASGI: ranges, conditions, and the threads that read each disk."""
