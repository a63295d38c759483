from django.apps import AppConfig


class GuidelinesConfig(AppConfig):
    name = "medixchange.guidelines"

    def ready(self) -> None:
        from medixchange.core import searchable
        from medixchange.guidelines.searchable import Guidelines

        searchable.register(Guidelines())
