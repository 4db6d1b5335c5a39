"""Things are found by the one search box, and offered as candidates while something is logged."""

import pytest
from django.test import Client
from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor
from concordat.tracing.queries import candidates, search
from concordat.tracing.rules import Fit
from tests.database.test_permission_sweep import signed_in
from tests.database.watching import HALE, MARK, SHOP, logged, sighting
from tests.world import agreement_in_force, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def essex(db: None) -> Actor:  # noqa: ARG001 (needed first)
    """An officer of Essex, with which Kent shares all that it logged."""
    agreement_in_force("A", ["essex", "kent"])
    kent = person("kent")
    logged(kent, sighting(who=HALE, what=MARK, where=SHOP))
    for kind, fields in (
        (RecordKind.WEAPON, {"weapon_type": "firearm", "make": "Baikal", "serial": "BRT-4471"}),
        (RecordKind.PHONE, {"number": "07700 900123"}),
        (RecordKind.ACCOUNT, {"account_type": "email", "address": "r.hale@example.org"}),
        (RecordKind.VEHICLE, {"mark": "XY51 ZZZ"}),
    ):
        logged(kent, sighting(what=fields, thing=kind))
    return person("essex", username="reader")


def found(actor: Actor, text: str) -> list[tuple[str, Fit]]:
    things = search(actor, text=text).things
    return [(one.thing.label, one.fit) for one in things.things] if things else []


@pytest.mark.parametrize(
    ("text", "label", "fit"),
    [
        ("AB12 CDE", "AB12 CDE", Fit.EXACT),
        ("ab12cde", "AB12 CDE", Fit.EXACT),
        ("AB1? *", "AB12 CDE", Fit.PARTLY),
        ("*CDE", "AB12 CDE", Fit.PARTLY),
        ("AB12 C?E", "AB12 CDE", Fit.PARTLY),
        ("reg A812 CDE", "AB12 CDE", Fit.ALIKE),
        ("serial brt4471", "BRT-4471", Fit.EXACT),
        ("BRT4471", "BRT-4471", Fit.EXACT),
        ("+44 7700 900123", "07700 900123", Fit.EXACT),
        ("R.Hale@example.org", "r.hale@example.org", Fit.EXACT),
    ],
)
def test_a_thing_is_found_by_what_it_bears(essex: Actor, text: str, label: str, fit: Fit) -> None:
    (one,) = found(essex, text)
    assert label in one[0]
    assert one[1] is fit


def test_nothing_is_found_that_is_not_shared(essex: Actor) -> None:
    assert found(essex, "AB12 CDE")
    assert found(person("norfolk"), "AB12 CDE") == []


def test_what_narrows_events_leaves_things_aside_and_a_force_narrows_both(essex: Actor) -> None:
    client = signed_in("reader")
    assert "1 vehicle record found" in page(client, "AB12 CDE")
    assert "vehicle record" not in page(client, "AB12 CDE", force="essex")
    assert "vehicle record" not in page(client, "AB12 CDE", kind="sighting")
    assert found(essex, "AB12 CDE")


def page(client: Client, text: str, **chosen: str) -> str:
    return client.get(reverse("results", query={"q": text, **chosen})).content.decode()


def test_the_page_says_how_a_thing_was_read_and_how_it_fits(essex: Actor) -> None:
    assert essex
    client = signed_in("reader")
    said = page(client, "AB1? *")
    assert "part of a mark" in said
    assert "AB12 CDE" in said
    assert "Fits what is known of it" in said
    assert "Kent Police" in said


def test_a_mark_that_nobody_knows_is_said_to_be_unknown_with_what_to_try(essex: Actor) -> None:
    assert essex
    said = page(signed_in("reader"), "LM70 QQQ")
    assert "Nothing found" in said
    assert "put “?” for one character" in said


def test_a_person_is_offered_with_who_knows_them(essex: Actor) -> None:
    (one,) = candidates(essex, kind=RecordKind.PERSON, text="Bob Quillfeather 3/5/87")
    assert one.label == "Robert Quillfeather, born 3 May 1987"
    assert one.detail == "known to Kent"
    assert one.warnings == ()
    assert one.reasons[0]


def test_a_thing_and_a_place_are_offered_with_why(essex: Actor) -> None:
    (car,) = candidates(essex, kind=RecordKind.VEHICLE, text="AB12")
    assert "AB12 CDE" in car.label
    assert car.detail == "recorded by Kent"
    assert car.reasons == (Fit.BEGINS.words,)
    (shop,) = candidates(essex, kind=RecordKind.PLACE, text="high street colchester")
    assert "High Street" in shop.label
    assert candidates(essex, kind=RecordKind.PLACE, text="CO1 1AA") == (shop,)


@pytest.mark.parametrize("text", ["", "  ", "x", "\0"])
def test_too_little_text_offers_nobody(essex: Actor, text: str) -> None:
    assert candidates(essex, kind=RecordKind.PERSON, text=text) == ()


def test_no_more_are_offered_than_are_asked_for(essex: Actor) -> None:
    assert len(candidates(essex, kind=RecordKind.VEHICLE, text="A", limit=1)) <= 1
    assert candidates(essex, kind=RecordKind.CRIME, text="theft") == ()
