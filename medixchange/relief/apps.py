"""The relief app."""

from django.apps import AppConfig


class ReliefConfig(AppConfig):
    name = "medixchange.relief"
    label = "relief"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from medixchange.core import searchable
        from medixchange.relief.searchable import Items

        searchable.register(Items())
