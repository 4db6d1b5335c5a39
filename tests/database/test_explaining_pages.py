"""The pages that say who can see what and why, and what would change."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from concordat.access.rules import Level, RecordKind
from concordat.agreements.actions import draft_agreement, start_agreement, vary
from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.records.actions import load_persons, load_street
from concordat.records.queries import find_events
from concordat.records.rules.person_maps import read_map
from concordat.records.rules.questions import Question
from tests.database.test_permission_sweep import signed_in
from tests.files import street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kent() -> Actor:
    return person("kent", username="kent.officer")


def explained(client: Client, **asked: str) -> str:
    """Return the page's text of Essex's crimes, unless something else is asked."""
    told = {"owner": "essex", "kind": "crime"} | asked
    answer = client.get(reverse("explain"), told)
    assert answer.status_code == 200
    return answer.content.decode()


def entries(action: str = "agreements.explain") -> int:
    with acting(SERVICE):
        return JournalEntry.objects.filter(action=action).count()


def test_one_asks_for_oneself_and_is_told_the_clause() -> None:
    agreement_in_force("A/1", ["essex", "kent"], kinds=[RecordKind.PERSON, RecordKind.CRIME])
    page = explained(signed_in("kent.officer"))
    assert "You can read crime records of Essex Police in whole, for “investigating crime”." in page
    assert f'Clause 2 of <a class="govuk-link" href="{reverse("agreement", args=["A/1"])}"' in page
    assert "written down" not in page
    assert entries() == 0


def test_with_nothing_in_force_the_page_says_what_is_missing() -> None:
    page = explained(signed_in("kent.officer"))
    assert "You can see no crime records of Essex Police" in page
    assert "No agreement that opens records is in force between Essex Police and Kent" in page


def test_a_colleague_is_chosen_by_name_with_a_purpose_and_it_is_written_down(kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"], level=Level.POINTER)
    person("kent", Role.FINANCE, username="kent.books")
    form = explained(signed_in("kent.books"))
    assert "Kent.Officer".replace(".", " ") in form
    page = explained(signed_in("kent.books"), who=str(kent.person_id), purpose="audit")
    assert "Kent Officer can see no crime records" in page
    assert "Clause 1 of A opens it only for every policing purpose, not for audit." in page
    assert "written down" in page
    assert entries() == 1


def test_an_auditor_of_the_owner_asks_about_anybody_by_username() -> None:
    agreement_in_force("A", ["essex", "kent"])
    person("essex", Role.AUDITOR, username="essex.auditor")
    auditor = signed_in("essex.auditor", Purpose.AUDIT)
    told = {"who": "other", "username": "kent.officer", "purpose": "investigation"}
    page = explained(auditor, **told)
    assert "Kent Officer can read crime records of Essex Police in whole" in page
    refused = explained(auditor, **told, owner="norfolk")
    assert "explained to their own colleagues" in refused
    assert "can read crime" not in refused
    assert "Nobody has this username" in explained(auditor, **told | {"username": "nobody"})
    assert "Enter a username" in explained(auditor, **told | {"username": ""})


def test_nobody_else_asks_about_people_of_other_bodies(kent: Actor) -> None:
    person("essex", username="essex.officer")
    page = explained(signed_in("essex.officer"), who="other", username="kent.officer")
    assert "Select a valid choice" in page
    page = explained(signed_in("essex.officer"), who=str(kent.person_id))
    assert "Select a valid choice" in page
    assert entries() == 0


@pytest.mark.parametrize(
    "asked", [{"owner": "nowhere"}, {"kind": "load"}, {"purpose": "x"}, {"who": "'"}]
)
def test_an_address_made_by_hand_is_answered_with_what_is_wrong(
    asked: dict[str, str],
) -> None:
    assert "There is a problem" in explained(signed_in("kent.officer"), **asked)


def test_the_page_of_a_record_names_the_clause_and_leads_to_the_explanation(
    kent: Actor, tmp_path: Path
) -> None:
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", [street_row(1)])])
    agreement_in_force("A", ["essex", "kent"])
    (found,) = find_events(kent, question=Question()).rows
    client = signed_in("kent.officer")
    page = client.get(reverse("event", args=[found.id])).content.decode()
    assert "under clause 1 of agreement" in page
    assert f"{reverse('explain')}?owner=essex&amp;kind=crime" in page
    answer = client.get(reverse("explain"), {"owner": "essex", "kind": "crime"})
    assert "You can read crime records of Essex Police in whole" in answer.content.decode()


# --- what would change ----------------------------------------------------------------------------


def changes(client: Client, reference: str = "A", version: int = 1) -> str:
    answer = client.get(reverse("agreement-changes", args=[reference, version]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def drafted(tmp_path: Path) -> str:
    """A draft by which Essex and Kent point persons out to each other; Essex holds two."""
    rows = [person_row(1), person_row(2)]
    path = write_persons(tmp_path / "essex.csv", rows)
    load_persons(SERVICE, paths=[path], force="essex", person_map=read_map(MAP))
    agreed = terms("A", ["essex", "kent"], kinds=[RecordKind.PERSON], level=Level.POINTER)
    return draft_agreement(SERVICE, terms=agreed).reference


def test_programme_staff_of_a_party_see_who_would_gain_how_much(drafted: str) -> None:
    person("kent", Role.PROGRAMME, username="kent.programme")
    page = changes(signed_in("kent.programme", Purpose.ADMINISTRATION), drafted)
    assert "If this version came into force now:" in page
    assert "What Kent Police would gain" in page
    assert "Everybody who works with records would gain pointers to these records" in page
    assert ">2</td>" in page
    assert "Alder" not in page
    assert entries("agreements.what_would_change") == 1


def test_others_see_what_would_change_without_numbers(drafted: str) -> None:
    person("norfolk", username="norfolk.officer")
    page = changes(signed_in("norfolk.officer"), drafted)
    assert "What Kent Police would gain" in page
    assert "told to programme staff and signatories" in page
    assert ">2</td>" not in page


def test_a_version_that_has_begun_says_what_it_changed(drafted: str) -> None:
    start_agreement(SERVICE, reference=drafted)
    vary(SERVICE, reference=drafted)
    person("kent", Role.PROGRAMME, username="kent.programme")
    client = signed_in("kent.programme", Purpose.ADMINISTRATION)
    assert "gained pointers to these records" in changes(client)
    assert "No records would open or close that version 1 did not open." in changes(client, "A", 2)
    assert client.get(reverse("agreement-changes", args=["A", 3])).status_code == 404
