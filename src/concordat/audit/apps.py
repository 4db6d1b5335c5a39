"""Django's handle on the package."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the journal's tables and the trigger that chains its entries."""

    name = "concordat.audit"
    label = "audit"
