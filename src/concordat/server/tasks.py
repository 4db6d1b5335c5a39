"""Work in the background, on PostgreSQL itself: no broker to run."""

import logging

from django.core.management import call_command
from procrastinate.contrib.django import app

from concordat.audit.queries import verify
from concordat.base.actor import Actor, Purpose

logger = logging.getLogger(__name__)


@app.periodic(cron="15 3 * * *")
@app.task(queueing_lock="verify_journal")
def verify_journal(timestamp: int) -> None:
    """Verify the whole journal every night; a broken link is an error in the service's log."""
    found = verify(Actor.service(purpose=Purpose.AUDIT, reason=f"nightly check at {timestamp}"))
    if not found.holds:
        logger.error("The journal is broken: %s (entry %s)", found.problem, found.broken_entry)


@app.periodic(cron="45 * * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:  # noqa: ARG001 (the scheduler gives it)
    """Remove sessions that have ended."""
    call_command("clearsessions")


def run_worker() -> bool:
    """Work until told to stop or the database goes away; whether it was told to stop."""
    try:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker()
    except Exception:
        logger.exception("The worker ended")
        return False
    return True
