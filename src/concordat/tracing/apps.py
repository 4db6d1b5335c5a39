"""Django's handle on the package."""

from django.apps import AppConfig


class TracingConfig(AppConfig):
    """Tracing has no tables yet: it asks the register."""

    name = "concordat.tracing"
    label = "tracing"
