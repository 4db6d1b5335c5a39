"""Django's handle on the package."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """A whole force out and in; it has no tables of its own."""

    name = "concordat.exchange"
    label = "exchange"
