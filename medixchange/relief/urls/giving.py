"""Addresses for donors: pledges, and the catalogue."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
