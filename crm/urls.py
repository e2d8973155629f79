"""Addresses of the pages."""

from django.urls import include, path

from crm.views.brand import brand
from crm.views.outbox import outbox

urlpatterns = [
    path("sign-in/", include("crm.sign_in_urls")),
    path("brand.css", brand, name="brand"),
    path("outbox/", outbox, name="outbox"),
]
