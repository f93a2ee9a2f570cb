"""The health check of the container: exits with 0 if the server in the container works.

The request names the first of ALLOWED_HOSTS, since the server refuses other host names.
"""

import os
import sys
import urllib.request

name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
request = urllib.request.Request(url, headers={"Host": "localhost" if name == "*" else name})
try:
    urllib.request.urlopen(request, timeout=4)  # noqa: S310
except OSError as error:  # also raised for a response with status 503
    sys.exit(f"{url}: {error}")
