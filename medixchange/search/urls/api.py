"""Addresses of the API, under ``/api/``."""

from django.urls import path

from medixchange.search.views import api

urlpatterns = [
    path("search", api.search, name="api_search"),
    path("openapi.json", api.description, name="api_description"),
]
