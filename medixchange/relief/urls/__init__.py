"""Addresses of relief, by who stands before them."""

from django.urls import URLPattern

from medixchange.relief.urls import agency, giving, public, receiving, sending

urlpatterns: list[URLPattern] = [
    *public.urlpatterns,
    *giving.urlpatterns,
    *sending.urlpatterns,
    *receiving.urlpatterns,
    *agency.urlpatterns,
]
