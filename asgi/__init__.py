"""Plain ASGI for all apps: limits, threads, logins, responses. It has no models of its own."""
