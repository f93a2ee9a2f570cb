"""`GET /metrics`, which needs METRICS_TOKEN as a bearer token."""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics, generate_latest

import operations.metrics.library_facts
import operations.metrics.process_facts  # noqa: F401  # both register their metrics

# Otherwise each counter and histogram has one more series, which tells when it began.
disable_created_metrics()  # type: ignore[no-untyped-call]


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics of this process; 404 if METRICS_TOKEN is not set, 401 for a wrong token."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").encode()
    if not secrets.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(
            "Send METRICS_TOKEN as a bearer token.\n",
            status=401,
            content_type="text/plain",
            headers={"WWW-Authenticate": 'Bearer realm="mus"'},
        )
    response = HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response
