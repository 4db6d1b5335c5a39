"""Django's handle on the package."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the tables of features, keys, judgements, models and runs."""

    name = "concordat.identity"
    label = "identity"
