"""Plain ASGI code that all apps use: limits, threads, logins and responses. Has no models."""
