"""The pages of costs: what each would pay, and statements on the page, on paper and as a sheet."""

import io
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from concordat.agreements.actions import draft_agreement, issue_statement, start_agreement
from concordat.agreements.queries import StatementDetail
from concordat.agreements.rules import CostTerms
from concordat.agreements.rules.statements import StatementKind, YearFigures
from concordat.base.actor import Purpose, Role
from tests.database.test_permission_sweep import signed_in
from tests.world import SERVICE, person, terms

pytestmark = pytest.mark.django_db

SEVEN = ["bedfordshire", "cambridgeshire", "essex", "hertfordshire", "kent", "norfolk", "suffolk"]
REFERENCE = "22A/2026/1"
POPULATION = CostTerms(item="=1+1 Athena", formula="population", year=2015)


def client(role: Role = Role.FINANCE, force: str = "essex") -> Client:
    person(force, role, username=f"{force}.{role}")
    return signed_in(f"{force}.{role}", Purpose.ADMINISTRATION)


def text_of(response: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def agreed(*costs: CostTerms, title: str = "To share Athena") -> None:
    made = replace(terms(REFERENCE, SEVEN), costs=costs, sharing=(), lead="essex", title=title)
    draft_agreement(SERVICE, terms=made)
    start_agreement(SERVICE, reference=REFERENCE)


def issued(total: int = 32_000_000_00, **said: Any) -> StatementDetail:
    figures = YearFigures(**{"year": 2026, "kind": StatementKind.BUDGET, "total": total, **said})
    actor = person(
        "kent", Role.PROGRAMME, username=f"kent.issues.{total}.{said.get('because', '')}"
    )
    return issue_statement(actor, reference=REFERENCE, line=1, figures=figures)


# --- what if --------------------------------------------------------------------------------------


def asked(**told: Any) -> dict[str, Any]:
    return {"total": "£32,000,000", "bodies": SEVEN, "formulas": ["population"], **told}


def test_the_page_asks_before_it_answers_and_names_every_force() -> None:
    page = client().get(reverse("costs"))
    assert "What does it cost?" in page.content.decode()
    assert "Essex Police" in text_of(page)
    assert "Surrey Police" in text_of(page)


def test_formulas_stand_side_by_side_with_what_each_would_pay_alone() -> None:
    told = asked(
        formulas=["population", "officers", "equal", "use", "saving"],
        year=2015,
        **{f"alone-{force}": "£5,000,000" for force in SEVEN},
        **{"gets-essex": "7,000,000"},
    )
    page = text_of(client().get(reverse("costs"), told))
    assert "£7,272,947.54" in page
    assert "£7,237,769.20" in page
    assert "£4,571,428.57" in page
    assert "Actual use: Actual use needs one weight for each party." in page
    assert "Saving shared by equal shares" in page
    assert "Essex Police would pay £2,272,947.54 less alone." in page
    assert "Essex Police would pay £272,947.54 more than it gets." in page
    assert "1,793,535 of 7,891,315 people is 22.7280 %" in page


def test_one_option_is_looked_at_closely_and_the_address_says_which() -> None:
    told = asked(formulas=["population", "equal"], show="1")
    page = client().get(reverse("costs"), told).content.decode()
    assert '<h2 class="govuk-heading-m" id="closer">Equal shares</h2>' in page
    assert "show=0" in page
    assert 'id="pays-title"' in page


def test_caps_and_mixtures_are_worked_out_on_the_page_too() -> None:
    use = {f"use-{force}": "10" for force in SEVEN}
    told = asked(cap="20%", collar="£3,000,000", fixed="60", formulas=["population"], **use)
    page = text_of(client().get(reverse("costs"), told))
    assert "£6,400,000.00" in page
    assert "60 % population, the rest by use" in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"total": "lots"}, "“lots” is not an amount"),
        ({"total": ""}, "Enter the sum that is to be shared."),
        ({"bodies": ["essex"]}, "Choose at least two forces."),
        ({"formulas": []}, "Choose at least one way of sharing."),
        ({"cap": "much"}, "or a per cent of the sum such as 20%"),
        ({"alone-essex": "much"}, "“much” is not an amount"),
        ({"use-essex": "much"}, "Enter a number."),
        ({"year": "then"}, "Enter a year"),
        ({"year": "1999"}, "There is no figure of population for 1999"),
        ({"collar": "90%"}, "more than the sum"),
        ({"formulas": ["alchemy"]}, "alchemy"),
    ],
)
def test_what_can_not_be_compared_is_said_and_what_was_typed_is_kept(
    told: dict[str, Any], said: str
) -> None:
    page = client().get(reverse("costs"), asked(**told))
    assert page.status_code == 200
    assert said in text_of(page)


# --- the costs of an agreement --------------------------------------------------------------------


def test_the_schedule_shows_in_which_parts_each_line_is_shared() -> None:
    agreed(POPULATION, CostTerms(item="Flying", formula="use", unit="hours"))
    page = text_of(client().get(reverse("agreement-costs", args=[REFERENCE])))
    assert "Shared by population (figures of 2015)." in page
    assert "22.7280 %" in page
    assert "say how much each party used" in page
    assert "State the budget of a year" in page
    assert "None was issued yet." in page


def test_others_see_the_schedule_but_neither_statements_nor_buttons() -> None:
    agreed(POPULATION)
    issued()
    stranger = text_of(client(force="surrey").get(reverse("agreement-costs", args=[REFERENCE])))
    officer = text_of(client(Role.OFFICER).get(reverse("agreement-costs", args=[REFERENCE])))
    for page in (stranger, officer):
        assert "Shared by population" in page
        assert "Statement 1" not in page
        assert "State the budget" not in page
    assert "shown to the parties" in stranger
    assert "for finance, programme teams" in officer


def test_a_year_is_worked_out_looked_at_and_then_issued() -> None:
    agreed(POPULATION)
    browser = client()
    address = reverse("statement-new", args=[REFERENCE, 1, "budget"])
    assert "Sum to be shared" in text_of(browser.get(address))
    told = {"year": "2026", "total": "32,000,000", "because": ""}
    preview = text_of(browser.post(address, told | {"preview": "1"}))
    assert "Nothing is issued yet." in preview
    assert "£7,272,947.54" in preview
    done = browser.post(address, told | {"issue": "1"}, follow=True)
    assert "Statement 1 is issued." in text_of(done)
    assert "£3,019,019.26" in text_of(done)
    again = text_of(browser.post(address, told | {"issue": "1"}))
    assert "Statement 1 is of the same year already. Say why it is corrected." in again
    corrected = browser.post(
        address, told | {"total": "1", "because": "A digit was lost", "issue": "1"}, follow=True
    )
    assert "Statement 1: A digit was lost" in text_of(corrected)


def test_the_end_of_a_year_is_settled_by_what_was_used_and_paid() -> None:
    agreed(CostTerms(item="Flying", formula="use", unit="hours", unit_price=100_000))
    browser = client()
    address = reverse("statement-new", args=[REFERENCE, 1, "true-up"])
    assert "Used (hours)" in text_of(browser.get(address))
    told = {"year": "2026", "total": "70000", "because": ""}
    told |= {f"use-{force}": "10" for force in SEVEN}
    half = text_of(browser.post(address, told | {"paid-essex": "5"}))
    assert "Say of every party what it has paid" in half
    told |= {f"paid-{force}": "9,000.50" for force in SEVEN}
    done = text_of(browser.post(address, told | {"issue": "1"}, follow=True))
    assert "Still to pay" in done
    assert "£999.50" in done


@pytest.mark.parametrize("kind", ["budget", "true-up"])
def test_a_form_left_empty_says_what_is_missing(kind: str) -> None:
    agreed(replace(POPULATION, fixed_percent=50, damping_years=2))
    page = text_of(client().post(reverse("statement-new", args=[REFERENCE, 1, kind]), {}))
    assert "Enter the sum." in page
    assert "0 if nothing: paid before the agreement (£)." in page


@pytest.mark.parametrize("kind", ["gift", "true_down"])
def test_an_unknown_kind_or_line_is_not_there(kind: str) -> None:
    agreed(POPULATION)
    browser = client()
    assert browser.get(reverse("statement-new", args=[REFERENCE, 1, kind])).status_code == 404
    assert browser.get(reverse("statement-new", args=[REFERENCE, 9, "budget"])).status_code == 404


# --- a statement ----------------------------------------------------------------------------------


def test_a_statement_shows_who_pays_what_and_how_it_was_worked_out() -> None:
    agreed(POPULATION)
    page = text_of(client().get(reverse("statement", args=[issued().id])))
    assert "Shares of the budget 2026/27: =1+1 Athena" in page
    assert "Essex Police, which leads and bears the cost" in page
    assert "£32,000,000.00" in page
    assert "the largest remainders bear them" in page


def test_a_replaced_statement_says_so_and_stays_readable() -> None:
    agreed(POPULATION)
    first = issued()
    issued(because="A digit was lost")
    assert "Statement 2 corrects this one." in text_of(
        client().get(reverse("statement", args=[first.id]))
    )


@pytest.mark.parametrize("form", ["statement", "statement-pdf", "statement-xlsx"])
def test_a_statement_is_not_there_for_others(form: str) -> None:
    agreed(POPULATION)
    address = reverse(form, args=[issued().id])
    assert client(force="surrey").get(address).status_code == 404
    assert client(Role.OFFICER).get(address).status_code == 403


def test_the_spreadsheet_adds_up_by_formulas_and_no_text_becomes_one() -> None:
    agreed(POPULATION, title="@SUM(A1) agreement")
    detail = issued()
    answer = client().get(reverse("statement-xlsx", args=[detail.id]))
    assert f'filename="{quote("22A-2026-1")}-statement-1.xlsx"' in answer["Content-Disposition"]
    written = openpyxl.load_workbook(io.BytesIO(answer.content))
    values = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)
    sheet, calculated = written["Statement"], values["Statement"]
    by_name = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    assert by_name["Essex Police"][3].value == 7_272_947.54
    assert by_name["All"][3].value == "=SUM(D14:D20)"
    assert by_name["For"][1].value == "=1+1 Athena"
    assert by_name["For"][1].data_type == "s"
    line = by_name["All"][3].coordinate
    assert calculated[line].value == 32_000_000
    formulas = [
        c.value for s in written for row in s.iter_rows() for c in row if c.data_type == "f"
    ]
    assert all(re.fullmatch(r"=SUM\([A-Z]\d+:[A-Z]\d+\)", str(text)) for text in formulas)
    assert sum(row[3].value for row in by_name.values() if row[0].row in range(14, 21)) == (
        pytest.approx(32_000_000)
    )


def test_the_spreadsheet_of_a_year_end_works_out_what_is_still_to_pay() -> None:
    agreed(POPULATION)
    issued()
    settled = issued(total=31_000_000_00, kind=StatementKind.TRUE_UP)
    answer = client().get(reverse("statement-xlsx", args=[settled.id]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Statement"]
    by_name = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    at = by_name["Essex Police"][5]
    assert at.value == f"=D{at.row}-E{at.row}"
    values = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)["Statement"]
    assert values[by_name["All"][5].coordinate].value == -1_000_000


def test_a_statement_is_given_on_paper() -> None:
    agreed(POPULATION)
    answer = client().get(reverse("statement-pdf", args=[issued().id]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
