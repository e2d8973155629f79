"""The product's addresses, and those of the floors that it is compared with."""

from django.urls import include, path

from config.benchmark import floors

urlpatterns = [
    path("floor/view/", floors.view),
    path("floor/list/", floors.List.as_view()),
    path("floor/create/", floors.Create.as_view()),
    path("", include("config.urls")),
]
