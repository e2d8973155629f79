"""Addresses: the pages, and the REST API beside them."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("crm.api.urls")),
    path("", include("crm.urls")),
]
