"""What the calendar does to an agreement, and which of its steps PostgreSQL itself knows."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection

from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    give_notice,
    start_agreement,
)
from concordat.agreements.errors import AgreementsError
from concordat.agreements.queries import agreement
from concordat.agreements.rules import TABLE, State, Step, Who, earliest_end
from concordat.base.acting import acting
from concordat.base.clock import today
from concordat.records.actions import load_street
from concordat.tracing.queries import search
from tests.conftest import Server
from tests.files import street_row, write_csv
from tests.signing import drafter, let_time_pass
from tests.world import SERVICE, person, terms

DAY = timedelta(days=1)


def test_notice_must_run_and_closes_when_it_has(
    server: Server, own_database: str, tmp_path: Path
) -> None:
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", [street_row(1)])])
    essex, kent_officer = drafter("essex"), person("kent")
    draft_agreement(SERVICE, terms=replace(terms("A", ["essex", "kent"]), notice_months=12))
    start_agreement(SERVICE, reference="A", starts_on=today() - 400 * DAY)
    with pytest.raises(AgreementsError, match="notice period is 12 months"):
        end_agreement(essex, reference="A")
    given = give_notice(essex, reference="A", because="It no longer pays")
    assert (given.state, given.ends_on) == (State.NOTICE, earliest_end(today(), notice_months=12))
    assert search(kent_officer, text="").answer.total == 1
    let_time_pass(server.superuser_url(own_database), reference="A", days=366)
    assert agreement(essex, reference="A").state is State.ENDED
    assert search(kent_officer, text="").answer.total == 0


_STORED = ("draft", "proposed", "dropped", "approved", "notice", "varied", "ended")


def test_postgresql_knows_the_table_of_the_life(server: Server, own_database: str) -> None:
    """Every stored state tried against every other: what the table doesn't say is refused."""
    detail = draft_agreement(SERVICE, terms=terms("A", ["essex", "kent"]))
    passed = set()
    with psycopg.connect(server.superuser_url(own_database), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")  # no trigger binds it
        for before, after in product(_STORED, _STORED):
            superuser.execute(_moved(before), [detail.id])
            with suppress(DatabaseError), acting(SERVICE), connection.cursor() as cursor:
                cursor.execute(_moved(after), [detail.id])
                passed.add((before, after))
    # In force follows from the dates of one that is approved, or replaced on a day to come; a
    # notice can be brought forward; steps that leave a proposal proposed write no state.
    stored = {State.IN_FORCE: (State.APPROVED, State.VARIED)}
    told = {
        (before.value, after.value)
        for line in TABLE
        if line.who not in (Who.CALENDAR, Who.SERVICE)
        for before in stored.get(line.before, (line.before,))
        for after in stored.get(line.after, (line.after,))
        if line.before is not line.after or line.step is Step.AMEND
    }
    assert passed == told | {("notice", "notice")}


def _moved(state: str) -> str:
    today = "(now() AT TIME ZONE 'Europe/London')::date"
    dates = {
        "proposed": "starts_on = NULL, ends_on = NULL, round = round + 1",
        "approved": f"starts_on = {today}, ends_on = NULL",
        "notice": f"starts_on = {today}, ends_on = {today}",
        "varied": f"starts_on = {today}, ends_on = {today}",
        "ended": f"starts_on = {today}, ends_on = {today}",
    }.get(state, "starts_on = NULL, ends_on = NULL")
    return f"UPDATE agreements_agreement SET state = '{state}', {dates} WHERE id = %s"
