"""People at their desks before the pages of agreements: what they read there, what they send."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.agreements.actions import (
    draft_agreement,
    drop,
    end_agreement,
    give_notice,
    propose,
    start_agreement,
)
from concordat.agreements.queries import AgreementDetail, agreement
from concordat.agreements.rules import AgreementKind, AgreementTerms, State
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import today
from tests.database.test_permission_sweep import signed_in
from tests.signing import signatory, signed_by
from tests.world import SERVICE, person, terms

Sent = Mapping[str, Sequence[str]]
"""A form by the names of its fields; of boxes and choices each that is ticked."""

REFERENCE = "22A/2026/1"
"""With slashes, as real references have them: every address must bear that."""

TWO = ("essex", "kent")
THREE = ("essex", "kent", "suffolk")
SECTIONS = ("basics", "parties", "terms", "sharing", "resources", "costs", "benefits")
EMPTY = AgreementTerms(
    reference=REFERENCE,
    title="",
    kind=AgreementKind.SECTION_22A,
    purpose="",
    parties=["essex"],
    functions=(),
)
"""A draft that says nothing yet."""


@dataclass(frozen=True)
class Desk:
    """Somebody who is signed in, with a browser of their own."""

    actor: Actor
    client: Client

    def get(self, name: str, *arguments: object, **query: str) -> Any:
        """Open a page by its name."""
        return self.client.get(reverse(name, args=arguments, query=query))

    def read(self, name: str, *arguments: object, **query: str) -> str:
        """Open a page and return what it says."""
        return text_of(self.get(name, *arguments, **query))

    def send(self, name: str, *arguments: object, sent: Sent) -> Any:
        """Send a page's form, and go where that leads."""
        return self.client.post(reverse(name, args=arguments), sent, follow=True)

    def told(self, name: str, *arguments: object, sent: Sent) -> str:
        """Send a page's form, and return what the page says to which that leads."""
        return text_of(self.send(name, *arguments, sent=sent))


def desk(body: str, *roles: Role) -> Desk:
    """Add somebody to a body and sign them in; a member of its programme team unless said."""
    held = roles or (Role.PROGRAMME,)
    actor = person(body, *held, purpose=Purpose.ADMINISTRATION)
    return Desk(actor, signed_in(f"{body}.{'.'.join(held)}", Purpose.ADMINISTRATION))


def text_of(response: Any, *, status: int = 200) -> str:
    """Return what a page says, without its tags, in one line."""
    assert response.status_code == status, response.content.decode()
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+(?=[.,:;] )", "", re.sub(r"\s+", " ", html.unescape(plain)))


def ticked(name: str, day: date) -> dict[str, str]:
    """Return what the three boxes of a day send."""
    return {
        f"{name}_day": f"{day.day}",
        f"{name}_month": f"{day.month}",
        f"{name}_year": f"{day.year}",
    }


def given(state: State, agreed: AgreementTerms | None = None) -> AgreementDetail:
    """Bring an agreement, of Essex and Kent unless said, to a state of its life; return it."""
    agreed = agreed or terms(REFERENCE, TWO)
    reference = agreed.reference
    draft_agreement(SERVICE, terms=agreed)
    if state is State.PROPOSED:
        propose(SERVICE, reference=reference)
    elif state is State.DROPPED:
        drop(SERVICE, reference=reference)
    elif state is not State.DRAFT:
        later = today() + timedelta(days=30) if state is State.APPROVED else None
        start_agreement(SERVICE, reference=reference, starts_on=later)
    if state is State.ENDED:
        end_agreement(SERVICE, reference=reference)
    elif state is State.NOTICE:
        give_notice(SERVICE, reference=reference, because="Too dear")
    detail = now(reference)
    assert detail.state is state
    return detail


def now(reference: str = REFERENCE, *, version: int | None = None) -> AgreementDetail:
    """Return an agreement as it stands."""
    return agreement(SERVICE, reference=reference, version=version)


def all_sign_but(detail: AgreementDetail, *bodies: str) -> None:
    """Let everybody sign who must, but for some bodies."""
    asked = (one.body.code for one in detail.waiting_on if one.body.code not in bodies)
    signed_by(detail.reference, [signatory(code) for code in asked])


class _Forms(HTMLParser):
    """What a browser would send of each form of a page if nothing in it were touched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._select = ""
        self._text: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        name = told.get("name", "")
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.forms[-1] or "selected" in told):
            self.forms[-1][self._select] = [told["value"]]
        elif tag == "textarea":
            self.forms[-1][name] = [""]
            self._text = name
        elif tag == "input" and "disabled" not in told:
            boxes = ("checkbox", "radio")
            if told.get("type") not in boxes or "checked" in told:
                self.forms[-1].setdefault(name, []).append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.forms[-1][self._text][0] += data


def form_of(response: Any) -> dict[str, list[str]]:
    """Return what a page's own form would send if nothing in it were touched."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.forms[-1]


def opened(reader: Desk, section: str) -> dict[str, list[str]]:
    """Open a section of the draft; return what it would send if nothing were touched."""
    page = reader.get("agreement-edit-section", REFERENCE, section)
    assert page.status_code == 200
    return form_of(page)


def saved(reader: Desk, section: str, form: Sent, **told: Sequence[str]) -> str:
    """Send a section with something changed; return what the next page says."""
    return reader.told("agreement-edit-section", REFERENCE, section, sent={**form, **told})


def clause_form(*kinds: RecordKind, level: str = "full", **told: str) -> dict[str, Sequence[str]]:
    """Return what is sent to share kinds of record."""
    return {
        "kinds": [kind.code for kind in kinds],
        "level": level,
        "roles": ["officer"],
        "purposes": ["investigation"],
        **told,
    }


def shared() -> dict[str, str]:
    """Return the kinds that the draft shares, and how much of each is opened."""
    return {clause.kind.code: clause.level.value for clause in now().terms.sharing}


@pytest.fixture
def essex(db: None) -> Desk:
    """Somebody of the programme team of Essex."""
    assert db is None
    return desk("essex")


@pytest.fixture
def kent(db: None) -> Desk:
    """Somebody of the programme team of Kent."""
    assert db is None
    return desk("kent")
