"""Plain ASGI: what is answered beside Django."""
