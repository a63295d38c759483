"""Addresses of search: its pages, and its API."""
