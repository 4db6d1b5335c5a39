"""People, their roles, and signing in."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import now
from concordat.organisations.actions import (
    add_person,
    change_roles,
    choose_purpose,
    close_account,
    set_password,
    sign_in,
    sign_out,
)
from concordat.organisations.errors import (
    NotAllowed,
    OrganisationsError,
    PersonExists,
    SignInLocked,
    SignInRefused,
    UnknownOrganisation,
)
from concordat.organisations.models import Credential, PersonRole
from concordat.organisations.queries import PersonSummary, actor_of, people, person_summary
from concordat.organisations.rules import ALLOWED_FAILURES
from tests.world import PASSWORD, SERVICE, person

pytestmark = pytest.mark.django_db

WRONG = "three wrong words"
IN_SERVICE = settings.PASSWORD_HASHERS


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tests.world.QuickArgon2"]):
        yield


def add(  # noqa: PLR0917 (each has a default)
    actor: Actor = SERVICE,
    organisation: str = "essex",
    username: str = "pat",
    collar_number: str = "1",
    password: str = PASSWORD,
    roles: tuple[Role, ...] = (Role.OFFICER,),
) -> PersonSummary:
    return add_person(
        actor,
        organisation=organisation,
        collar_number=collar_number,
        username=username,
        name="Pat Invented",
        roles=roles,
        password=password,
    )


def enter(username: str = "pat", password: str = PASSWORD) -> Actor:
    return sign_in(
        SERVICE, username=username, password=password, purpose=Purpose.INVESTIGATION, reason="CR/1"
    )


def fail(times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            enter(password=WRONG)


def journalled(action: str) -> list[JournalEntry]:
    with acting(SERVICE):
        return list(JournalEntry.objects.filter(action=f"organisations.{action}"))


# --- signing in -----------------------------------------------------------------------------------


def test_who_signs_in_acts_for_their_organisation_and_purpose() -> None:
    added = add(roles=(Role.OFFICER, Role.INTELLIGENCE))
    actor = enter(" PAT ")
    assert (actor.person_id, actor.organisation_id) == (added.id, added.organisation.id)
    assert actor.roles == {Role.OFFICER, Role.INTELLIGENCE}
    assert (actor.purpose, actor.reason) == (Purpose.INVESTIGATION, "CR/1")
    (entry,) = journalled("sign_in")
    assert (entry.person_id, entry.purpose) == (added.id, "investigation")


def test_passwords_are_kept_as_argon2_hashes_alone() -> None:
    with override_settings(PASSWORD_HASHERS=IN_SERVICE):
        add()
        assert enter().holds(Role.OFFICER)
    with acting(SERVICE):
        stored = Credential.objects.get(person__username="pat").password
    memory = re.match(r"argon2\$argon2id\$v=19\$m=(\d+),t=\d+,p=\d+\$", stored)
    assert memory is not None
    assert int(memory[1]) >= 19 * 1024, "OWASP's minimum in KiB"
    assert PASSWORD not in stored


def test_a_wrong_password_an_unknown_name_and_a_closed_account_get_the_same_answer() -> None:
    add()
    add(username="gone", collar_number="2")
    close_account(SERVICE, username="gone")
    answers = set()
    for username, password in (("pat", WRONG), ("nobody", PASSWORD), ("gone", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            enter(username, password)
        answers.add(str(refused.value))
    assert answers == {"The username and the password don’t go together."}


def test_the_fifth_wrong_password_locks_even_against_the_right_one() -> None:
    add()
    fail(ALLOWED_FAILURES - 1)
    assert enter().person_name == "Pat Invented", "a right one in time starts the count again"
    fail(ALLOWED_FAILURES)
    with pytest.raises(SignInLocked, match="rests for 15 minutes"):
        enter()


def test_a_lock_ends_by_itself() -> None:
    add()
    fail(ALLOWED_FAILURES)
    with acting(SERVICE):
        locked = Credential.objects.filter(person__username="pat", locked_until__gt=now())
        assert locked.update(locked_until=now() - timedelta(seconds=1)) == 1
    assert enter().holds(Role.OFFICER)
    fail(ALLOWED_FAILURES - 1)
    assert enter().holds(Role.OFFICER), "the count began again"


def test_a_new_password_ends_a_lock_and_the_old_password() -> None:
    add()
    fail(ALLOWED_FAILURES)
    set_password(SERVICE, username="pat", password="other invented words")
    assert enter(password="other invented words").holds(Role.OFFICER)
    with pytest.raises(SignInRefused):
        enter()


def test_refusals_are_journalled_without_the_password() -> None:
    added = add()
    fail(ALLOWED_FAILURES)
    for username in ("pat", "nobody"):
        with pytest.raises(SignInRefused):
            enter(username)
    entries = journalled("sign_in_refused")
    told = [(entry.details["username"], entry.details["locked"]) for entry in entries]
    assert sorted(told) == [("nobody", False), *[("pat", False)] * 5, ("pat", True)]
    named = ["staff", str(added.id), added.organisation.id]
    assert [entry.subjects for entry in entries].count([named]) == 6
    for entry in entries:
        written = f"{entry.details} {entry.reason} {entry.person_name}"
        assert WRONG not in written
        assert PASSWORD not in written


def test_another_purpose_and_signing_out_are_journalled() -> None:
    add()
    changed = choose_purpose(enter(), purpose=Purpose.SAFEGUARDING, reason="CR/2")
    assert (changed.purpose, changed.reason) == (Purpose.SAFEGUARDING, "CR/2")
    (entry,) = journalled("choose_purpose")
    assert (entry.purpose, entry.details) == ("safeguarding", {"before": "investigation"})
    sign_out(changed)
    assert len(journalled("sign_out")) == 1


def test_a_closed_account_acts_no_more() -> None:
    actor = person("essex", username="pat")
    close_account(SERVICE, username="pat")
    assert actor.person_id is not None
    assert actor_of(actor.person_id, purpose=Purpose.INVESTIGATION) is None
    with pytest.raises(SignInRefused, match="closed"):
        choose_purpose(actor, purpose=Purpose.INCIDENT)
    assert person_summary("pat").active is False


# --- people and roles -----------------------------------------------------------------------------


def test_roles_taken_back_take_effect_at_once_and_are_kept_with_their_end() -> None:
    added = add(roles=(Role.OFFICER, Role.AUDITOR))
    change_roles(SERVICE, username="pat", roles=[Role.AUDITOR, Role.FINANCE])
    actor = actor_of(added.id, purpose=Purpose.AUDIT)
    assert actor is not None
    assert actor.roles == {Role.AUDITOR, Role.FINANCE}
    with acting(SERVICE):
        history = list(PersonRole.objects.filter(person=added.id).order_by("role"))
    assert [(row.role, row.until is None) for row in history] == [
        ("auditor", True),
        ("finance", True),
        ("officer", False),
    ]


@pytest.mark.parametrize("password", ["", "eleven char"])
def test_a_short_password_is_refused(password: str) -> None:
    with pytest.raises(OrganisationsError, match="at least 12 characters"):
        add(password=password)
    add()
    with pytest.raises(OrganisationsError, match="at least 12 characters"):
        set_password(SERVICE, username="pat", password=password)


@pytest.mark.parametrize("roles", [(), (Role.SYSTEM,), (Role.OFFICER, Role.SYSTEM)])
def test_a_person_holds_a_role_and_never_the_services(roles: tuple[Role, ...]) -> None:
    with pytest.raises(OrganisationsError, match="role"):
        add(roles=roles)


def test_usernames_are_taken_everywhere_and_collar_numbers_in_one_force_only() -> None:
    add()
    for username, collar_number in (("PAT", "2"), ("sam", "1")):
        with pytest.raises(PersonExists, match="already taken"):
            add(username=username, collar_number=collar_number)
    assert add(organisation="kent", username="sam").collar_number == "1"
    assert len(people()) == 2


def test_unknown_people_and_bodies_are_named() -> None:
    with pytest.raises(UnknownOrganisation, match="nowhere"):
        add(organisation="nowhere")
    with pytest.raises(UnknownOrganisation, match="nobody"):
        change_roles(SERVICE, username="nobody", roles=[Role.OFFICER])


MANAGING: list[Callable[[Actor, str], object]] = [
    lambda actor, username: change_roles(actor, username=username, roles=[Role.AUDITOR]),
    lambda actor, username: set_password(actor, username=username, password=PASSWORD[::-1]),
    lambda actor, username: close_account(actor, username=username),
]


@pytest.mark.parametrize("manage", MANAGING, ids=["roles", "password", "closing"])
def test_an_administrator_manages_their_own_organisation_only(
    manage: Callable[[Actor, str], object],
) -> None:
    administrator = person("essex", Role.ADMINISTRATOR)
    add(username="own", collar_number="2")
    add(organisation="kent", username="other")
    manage(administrator, "own")
    with pytest.raises(NotAllowed, match="their own organisation only"):
        manage(administrator, "other")
    with pytest.raises(NotAllowed, match="not an administrator"):
        manage(person("essex", Role.SUPERVISOR), "own")
    assert person_summary("other").roles == (Role.OFFICER,)
    assert person_summary("other").active
    assert enter("other").holds(Role.OFFICER), "their password is the old one"


def test_an_administrator_adds_people_to_their_own_organisation_only() -> None:
    administrator = person("essex", Role.ADMINISTRATOR)
    assert add(administrator).organisation.code == "essex"
    with pytest.raises(NotAllowed):
        add(administrator, organisation="kent", username="sam")
    with pytest.raises(NotAllowed):
        add(person("essex"), username="sam", collar_number="3")
