"""Django's handle on the package."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Registers the tables of events, places and loads."""

    name = "concordat.records"
    label = "records"
