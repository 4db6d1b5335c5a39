"""Watching records, and telling those who watch: every one of these is journalled."""

from concordat.tracing.actions.alerting import (
    alert_on_identified,
    alert_on_logged,
    check_can_alert,
)
from concordat.tracing.actions.reading import mark_all_read, mark_read
from concordat.tracing.actions.watching import can_watch, check_can_watch, end_watch, watch

__all__ = [
    "alert_on_identified",
    "alert_on_logged",
    "can_watch",
    "check_can_alert",
    "check_can_watch",
    "end_watch",
    "mark_all_read",
    "mark_read",
    "watch",
]
