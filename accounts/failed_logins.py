"""How many logins with a wrong password this process has refused, for metrics."""

from runtime.tally import Tally

PASSWORD = "password"  # noqa: S105  # a label
"""A user's own, on a page or by the API."""
APP_PASSWORD = "app_password"  # noqa: S105  # a label
"""Of a Subsonic client."""

failed_logins = Tally(PASSWORD, APP_PASSWORD)
