"""The relief app."""

from django.apps import AppConfig


class ReliefConfig(AppConfig):
    name = "medixchange.relief"
    label = "relief"
    default_auto_field = "django.db.models.BigAutoField"
