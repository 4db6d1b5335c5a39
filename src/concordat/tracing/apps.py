"""Django's handle on the package."""

from django.apps import AppConfig


class TracingConfig(AppConfig):
    """Watches and the alerts that they raise; all else it asks the register."""

    name = "concordat.tracing"
    label = "tracing"
