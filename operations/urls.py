"""The URLs of the health check and of the metrics."""

from django.urls import path

from operations.health import health
from operations.metrics.endpoint import metrics

urlpatterns = [
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
]
