"""Addresses for receivers: counting, signing, cases, also without a line."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
