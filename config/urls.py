"""Addresses: the pages, the REST API beside them, and what machines ask."""

from django.urls import include, path

from crm.views import health, metrics

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", include("crm.api.urls")),
    path("", include("crm.urls")),
]
