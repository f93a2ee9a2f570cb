"""What all apps use to answer requests: limits, threads, logins, responses. Has no models.

Most of it is plain ASGI; `json_responses` and `database_away` also serve Django's views.
"""
