"""The pages of the register, as those who are signed in get them."""

import csv
import re
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from concordat.agreements.actions import import_register
from concordat.agreements.rules.register import row_uuid
from tests.world import PASSWORD, SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

NAME = "s22a_agreement_register.csv"
HEADER = "row_id,function,parties,lead_force,event,date,date_precision,note,source_url\n"
PAGES = ["register", "register-gaps", "register-overlaps", "register-reviews", "register-texts"]


@pytest.fixture
def client() -> Client:
    """Programme staff of Essex, in a world with an agreement and the real register."""
    with as_file(files("concordat.server") / "demo" / NAME) as path:
        import_register(SERVICE, path=path)
    agreement_in_force("EK-1", ["essex", "kent"])
    person("essex", username="reader")
    client = Client()
    client.post(
        reverse("sign-in"),
        {"username": "reader", "password": PASSWORD, "purpose": "investigation"},
    )
    return client


def page(client: Client, name: str, *arguments: object, **query: str) -> str:
    response = client.get(reverse(name, args=arguments, query=query))
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def taken(client: Client, part: str, **query: str) -> list[list[str]]:
    response = client.get(reverse("register-file", args=[part], query=query))
    assert response.status_code == 200
    return list(csv.reader(response.content.decode().splitlines()))


def test_the_matrix_begins_with_ones_own_force(client: Client) -> None:
    told = page(client, "register")
    assert "Function Essex Bedfordshire Cambridgeshire" in told
    assert (
        "Essex Police shares 8 functions with others: 1 under agreements in force and 7 as" in told
    )


def test_each_page_answers_whatever_stands_in_its_address(client: Client) -> None:
    for name in PAGES:
        for query in (
            {},
            {"body": "all"},
            {"body": "cumbria"},
            {"body": "suffolk", "function": "ICT", "texts": "live"},
            {"body": "<script>", "function": "No such", "texts": "x"},
        ):
            assert "Register of agreements" in page(client, name, **query), (name, query)


def test_a_chosen_function_shows_its_texts(client: Client) -> None:
    told = page(client, "register", body="all", function="Dogs")
    assert "The texts about Dogs" in told
    assert "Dog Unit Recorded Dogs Bedfordshire, Cambridgeshire and Hertfordshire" in told


def test_gaps_and_overlaps_are_said_in_words(client: Client) -> None:
    assert "Dogs Bedfordshire, Cambridgeshire and Hertfordshire" in page(client, "register-gaps")
    told = page(client, "register-overlaps", body="suffolk")
    assert "shared by the same two bodies under" in told


def test_a_recorded_agreement_tells_its_history(client: Client) -> None:
    told = page(client, "register-entry", row_uuid(NAME, "A001"))
    assert told.index("Established April 2009") < told.index("Agreed Date not known")
    assert "Cambridgeshire joined" in told
    assert "It opens no record" in told
    kent = page(client, "register-entry", row_uuid(NAME, "A021"))
    assert "Varied, party added and lead changed 10 November 2016 Kent joined" in kent
    larger = page(client, "register-entry", row_uuid(NAME, "A024"))
    assert "It grew from Procurement" in larger
    assert "Terminated 1 February 2018" in page(client, "register-entry", row_uuid(NAME, "A048"))


def test_the_files_hold_what_the_pages_show(client: Client) -> None:
    header, *rows = taken(client, "matrix")
    assert header[:3] == ["Group", "Function", "Essex Police"]
    cells = {row[1]: row for row in rows}
    assert cells["Crime recording"][2] == "In force: EK-1"
    assert cells["Serious crime"][2] == "Recorded: Serious Crime Directorate"
    assert len(taken(client, "texts", body="all")) == 1 + 1 + 39
    assert ["Dogs", "Essex"] in [row[:2] for row in taken(client, "gaps")]
    assert client.get(reverse("register-file", args=["everything"])).status_code == 404


def test_a_spreadsheet_runs_nothing_of_what_a_source_wrote(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "evil.csv"
    rows = "X1,=cmd(1),Essex|Kent,,signed,,,@note,javascript:alert(1)\n"
    path.write_text(HEADER + rows + "X2,<b>x</b>,Essex,,y,,,,\n", encoding="utf-8")
    import_register(SERVICE, path=path)
    assert "'=cmd(1)" in {row[0] for row in taken(client, "texts")}
    shown = client.get(reverse("register-entry", args=[row_uuid("evil.csv", "X1")]))
    assert 'href="javascript' not in shown.content.decode()
    told = client.get(reverse("register-texts")).content.decode()
    assert "Rows of imported registers that could not be read" in told
    assert "<b>x</b>" not in told


def test_an_empty_register_says_how_it_is_filled() -> None:
    person("essex", username="reader")
    client = Client()
    client.post(
        reverse("sign-in"),
        {"username": "reader", "password": PASSWORD, "purpose": "investigation"},
    )
    for name in PAGES:
        assert "The register is empty" in page(client, name)
