"""Django's handle on the package."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Registers the tables of agreements."""

    name = "concordat.agreements"
    label = "agreements"
