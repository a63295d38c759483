"""Addresses for senders: consignments, packing lists, labels, stages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
