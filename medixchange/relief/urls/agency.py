"""Addresses for agencies and facilities: needs, allocation, stock, use, recall."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
