"""Plain ASGI that every app may use: limits, logins, responses, access log. It has no models."""
