"""What the pages of people say, apart from what only a browser can tell."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from concordat.access.rules import POINTERS_PER_HOUR, Level, RecordKind
from concordat.base.actor import Role
from concordat.identity.actions import resolve_all, resolve_pending
from concordat.identity.engine import Meaning
from concordat.identity.queries import pointers
from concordat.records.actions import load_persons
from concordat.records.rules.person_maps import read_map
from tests.database.test_permission_sweep import signed_in
from tests.persons import MAP, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

ANN = person_row(1, warn="VI", warn_date="01/02/2026")
"""Ann Alder, born on 3 May 1987."""


def load(folder: Path, force: str, *rows: list[str]) -> None:
    path = write_persons(folder / f"{force}.csv", rows)
    load_persons(SERVICE, paths=[path], force=force, person_map=read_map(MAP))
    resolve_pending(SERVICE)


def search(client: Client, text: str, **chosen: str) -> str:
    return client.get(reverse("results", query={"q": text, **chosen})).content.decode()


def test_a_person_is_narrowed_by_force_and_by_warning(tmp_path: Path) -> None:
    agreement_in_force("A", ["essex", "kent"])
    load(tmp_path, "essex", ANN)
    load(tmp_path, "kent", person_row(2, pnc="1901/0000042K", dob="04/06/1961"))
    person("essex", username="reader")
    client = signed_in("reader")

    both = search(client, "ann alder")
    assert "2 people found" in both
    assert "Violent" in both
    assert "1 person found" in search(client, "ann alder", warning="VI")
    kent = search(client, "ann alder", force="kent")
    assert "1 person found" in kent
    assert "4 June 1961" in kent


def test_a_force_that_is_named_and_knows_nobody_is_left_aside_with_a_word(tmp_path: Path) -> None:
    load(tmp_path, "essex", ANN)
    person("essex", username="reader")

    said = search(signed_in("reader"), "ann alder kent")

    assert "1 person found" in said
    assert "left aside" in said


@pytest.mark.parametrize(("age", "fits"), [("39", True), ("41", True), ("64", False)])
def test_an_age_narrows_and_says_so_where_it_fits_nobody(
    tmp_path: Path, age: str, fits: bool
) -> None:
    load(tmp_path, "essex", ANN)
    person("essex", username="reader")

    said = search(signed_in("reader"), f"ann alder aged {age}")

    assert "1 person found" in said
    assert ("so the age was left aside" in said) is not fits


def test_whoever_asked_by_pointer_too_often_still_finds_what_they_may_see(tmp_path: Path) -> None:
    agreement_in_force("P", ["essex", "kent"], kinds=[RecordKind.PERSON], level=Level.POINTER)
    load(tmp_path, "essex", ANN)
    load(tmp_path, "kent", ANN)
    reader = person("essex", username="reader")
    client = signed_in("reader")

    said = search(client, "ann alder 3/5/1987")
    assert "Kent Police holds a record of this person" in said
    for _ in range(POINTERS_PER_HOUR - 1):
        pointers(reader, partial={Meaning.PNC_ID: "1901/0000042K"})
    said = search(client, "ann alder 3/5/1987")
    assert "holds a record" not in said
    assert "in the last hour" in said
    assert "1 person found" in said


def test_words_of_a_place_alone_ask_after_nobody(tmp_path: Path) -> None:
    load(tmp_path, "essex", person_row(1, last="Street"))
    person("essex", username="reader")

    said = search(signed_in("reader"), "burglary high street")

    assert "Looking for a person" not in said


def test_warnings_stand_before_all_else_and_say_from_when(tmp_path: Path) -> None:
    load(tmp_path, "essex", ANN)
    person("essex", username="reader")
    client = signed_in("reader")
    address = search(client, "ann alder").split('href="/person/')[1].split('"')[0]

    said = client.get(f"/person/{address}").content.decode()

    assert said.index("1 warning about this person") < said.index("What the record says")
    assert "since 1 February 2026" in said
    assert "looked" not in said.split("<main")[1].split("</main")[0]


def test_whoever_may_read_the_journal_is_led_to_who_looked(tmp_path: Path) -> None:
    load(tmp_path, "essex", ANN)
    person("essex", Role.OFFICER, Role.AUDITOR, username="reader")
    client = signed_in("reader")
    record_id = search(client, "ann alder").split('href="/person/')[1].split('"')[0]

    assert f"/records/{record_id}/looked" in client.get(f"/person/{record_id}").content.decode()
    looked = client.get(f"/records/{record_id}/looked").content.decode()
    assert "Opened a person" in looked
    assert "Searched for a person: “ann alder”" in looked


def test_a_run_over_the_register_is_followed_while_it_goes_on(tmp_path: Path) -> None:
    load(tmp_path, "essex", ANN)
    person("essex", Role.DATA_QUALITY, username="quality")
    client = signed_in("quality")
    assert b"has not been resolved as a whole" in client.get(reverse("progress")).content
    seen: list[bytes] = []

    def look(stage: str, _share: float) -> None:
        if stage == "Encoding":
            seen.append(client.get(reverse("progress"), headers={"HX-Request": "true"}).content)

    resolve_all(SERVICE, progress=look)

    assert b"Running" in seen[0]
    assert b"hx-trigger" in seen[0]
    assert b"<html" not in seen[0]
    after = client.get(reverse("progress")).content
    assert b"Finished" in after
    assert b'hx-select="#resolving"' not in after
    assert b"Records" not in after, "counts over all forces are for the service alone"
