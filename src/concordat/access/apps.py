"""Django's handle on the package."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the grants and the functions that row policies ask."""

    name = "concordat.access"
    label = "access"
