"""Work in the background, on PostgreSQL itself: no broker to run."""

import logging

from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django import app

from concordat.audit.queries import verify
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import now
from concordat.base.outbox import DELIVERY, Handlers, deliver, is_under_way
from concordat.identity import handlers as identity
from concordat.tracing import handlers as tracing

HANDLERS: Handlers = {
    kind: (*identity.HANDLERS.get(kind, ()), *tracing.HANDLERS.get(kind, ()))
    for kind in (*identity.HANDLERS, *tracing.HANDLERS)
}
"""Who acts on which fact of the outbox: who it is first, then who wants to know."""

logger = logging.getLogger(__name__)


@app.periodic(cron="15 3 * * *")
@app.task(queueing_lock="verify_journal")
def verify_journal(timestamp: int) -> None:
    """Verify the whole journal every night; a broken link is an error in the service's log."""
    found = verify(Actor.service(purpose=Purpose.AUDIT, reason=f"nightly check at {timestamp}"))
    if not found.holds:
        logger.error("The journal is broken: %s (entry %s)", found.problem, found.broken_entry)


@app.task(name=DELIVERY, lock=DELIVERY)
def deliver_facts() -> None:
    """Hand the facts of the outbox to those who act on them. Woken by each transaction's commit."""
    _deliver()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deliver_what_is_left", lock=DELIVERY)
def deliver_what_is_left(timestamp: int) -> None:  # noqa: ARG001 (the scheduler gives it)
    """Try again every minute what could not be delivered at first."""
    _deliver()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="free_abandoned")
async def free_abandoned(timestamp: int) -> None:  # noqa: ARG001 (the scheduler gives it)
    """Give back each minute what a worker was doing that died: it would bar all that follows."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="45 * * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:  # noqa: ARG001 (the scheduler gives it)
    """Remove sessions that have ended."""
    call_command("clearsessions")


def _deliver() -> None:
    try:
        deliver(HANDLERS)
    finally:
        connection.close()  # the next job may run in another thread


def free_deliveries() -> int:
    """Give back at once what a worker that was killed had begun to deliver, and return how much.

    Nobody delivers who doesn't hold the lock of deliveries, so that while it is free whatever is
    under way by name has been abandoned. Delivering twice does no harm.
    """
    if is_under_way():
        return 0
    abandoned = list(app.job_manager.list_jobs(lock=DELIVERY, status="doing"))
    for job in abandoned:
        assert job.id is not None  # noqa: S101 (it comes from the database)
        app.job_manager.retry_job_by_id(job.id, retry_at=now())
    return len(abandoned)


def run_worker() -> bool:
    """Work until told to stop or the database goes away; whether it was told to stop."""
    try:
        try:
            free_deliveries()
        finally:
            connection.close()
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker()
    except Exception:
        logger.exception("The worker ended")
        return False
    return True
