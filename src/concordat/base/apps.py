"""Django's handle on the package."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Registers the migrations that create the signing key and the actor functions."""

    name = "concordat.base"
    label = "base"
