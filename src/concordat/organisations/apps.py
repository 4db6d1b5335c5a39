"""Django's handle on the package."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Registers the tables of organisations, areas and people."""

    name = "concordat.organisations"
    label = "organisations"
