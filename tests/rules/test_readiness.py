"""What a report lacks: everything that is asked for, and nothing that the outcome doesn't need."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.rules.catalogue import ROLES, choices, fields_of, requirements, uses_of
from concordat.records.rules.demands import demands_of
from concordat.records.rules.outcomes import OUTCOMES, SUSPECT_ROLES
from concordat.records.rules.readiness import Readiness, readiness
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.records.rules.standards import check

TODAY = date(2026, 11, 21)
SOMEBODY = UUID("01890000-0000-7000-8000-000000000001")
INTELLIGENCE = (RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_CONDITIONAL)
BLOCKING = {"action", "action_use", "anything", "assessment", "role:arrested", "role:missing",
            "role:suspect|offender|arrested", "sanitisation", "source_evaluation"}  # fmt: skip
"""Everything that can block. Whoever adds to it makes officers stop: think twice."""


def ready(report: Report) -> Readiness:
    return readiness(report, today=TODAY)


def person(*roles: str, key: str = "p1", **fields: str) -> Participant:
    return Participant(key=key, roles=roles, fields=fields)


def parts_of(report: Report) -> list[Participant | Thing | Where]:
    return [*report.participants, *report.things, *report.places]


def known(*roles: str, key: str = "p1") -> Participant:
    return Participant(key=key, roles=roles, record_id=SOMEBODY, owner_id=42, label="Robert Hale")


def codes(found: Readiness) -> set[str]:
    return {one.code for one in found.missing}


REPORTS = st.builds(
    Report,
    kind=st.sampled_from(EVENT_KINDS),
    fields=st.dictionaries(
        st.sampled_from(sorted({f.code for kind in EVENT_KINDS for f in fields_of(kind)})),
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(["1", "18", "C", "P", "A3", "yes", "none", "vehicle", "22:15"]),
        ),
    ),
    participants=st.lists(
        st.builds(
            Participant,
            key=st.sampled_from(["p1", "p2"]),
            roles=st.lists(st.sampled_from([role.code for role in ROLES]), max_size=2).map(tuple),
            record_id=st.sampled_from([None, SOMEBODY]),
            fields=st.dictionaries(
                st.sampled_from([f.code for f in fields_of(RecordKind.PERSON)]),
                st.text(max_size=12),
                max_size=4,
            ),
        ),
        max_size=2,
    ).map(tuple),
    things=st.lists(
        st.builds(
            Thing,
            key=st.just("t1"),
            kind=st.sampled_from(THING_KINDS),
            uses=st.sampled_from([(), ("stolen",), ("used", "seen")]),
        ),
        max_size=2,
    ).map(tuple),
    places=st.lists(
        st.builds(Where, key=st.just("w1"), fields=st.sampled_from([{}, {"postcode": "CO1 1AA"}])),
        max_size=1,
    ).map(tuple),
)


def blocking_of(kind: RecordKind, outcome: str, role: str) -> set[str]:
    """Return what should block an event that tells what happened and names somebody."""
    blocking: set[str] = set()
    if kind is RecordKind.CRIME:
        rule = next((one.suspect for one in OUTCOMES if one.code == outcome), "free")
        if rule == "needed" and role not in SUSPECT_ROLES:
            blocking.add("role:suspect|offender|arrested")
        if rule == "forbidden" and role in SUSPECT_ROLES:
            blocking.add("contradiction:outcome")
    if kind is RecordKind.ARREST and role != "arrested":
        blocking.add("role:arrested")
    if kind is RecordKind.MISSING_PERSON and role != "missing":
        blocking.add("role:missing")
    if kind in INTELLIGENCE:
        blocking |= {"source_evaluation", "assessment"}
    if kind is RecordKind.INTELLIGENCE_CONDITIONAL:
        blocking |= {"action", "sanitisation"}
    return blocking


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_only_what_the_outcome_needs_blocks_whatever_the_role(kind: RecordKind) -> None:
    outcomes = ["", *(outcome.code for outcome in OUTCOMES)]
    for outcome, role in product(outcomes, (role.code for role in ROLES)):
        found = ready(
            Report(
                kind=kind,
                fields={"summary": "What happened", "outcome": outcome},
                participants=(person(role, given_names="Robert", surname="Hale"),),
            )
        )
        expected = blocking_of(kind, outcome, role)
        assert {one.code for one in found.blocking} == expected, (outcome, role)
        assert found.can_submit == (not expected)


@settings(max_examples=300)
@given(report=REPORTS)
def test_every_gap_says_what_why_and_for_whom_and_where_to_fill_it(report: Report) -> None:
    found = ready(report)
    parts = {one.key for one in parts_of(report)}
    for one in found.missing:
        assert one.what
        assert one.why
        assert one.by_whom
        anchor, _, code = one.where.partition("-")
        assert (one.where in ("participants", "things", "places")) or (
            code and anchor in {"field", *parts}
        )
    assert found.can_submit == (not found.blocking)
    assert (*found.blocking, *found.gaps) == found.missing


@settings(max_examples=300)
@given(report=REPORTS)
def test_nothing_but_the_listed_demands_and_contradictions_ever_blocks(report: Report) -> None:
    for one in ready(report).blocking:
        assert one.code in BLOCKING or one.code.startswith("contradiction:")


@settings(max_examples=200)
@given(report=REPORTS)
def test_once_every_gap_of_the_panel_is_filled_nothing_is_missing(report: Report) -> None:
    report = replace(report, kind=RecordKind.CRIME, fields={**report.fields, "outcome": "0"})
    for _ in range(len(requirements(RecordKind.PERSON)) * 3):
        missing = ready(report).missing
        if not missing:
            return
        report = filled(report, missing[0].where, missing[0].code)
    pytest.fail(f"still missing: {ready(report).missing}")


def filled(report: Report, where: str, code: str) -> Report:
    """Return the report with one gap filled where the panel says."""
    prefix, names = demands_of(code)[0]
    if where == "participants":
        role = names if prefix == "role" else "involved"
        return replace(report, participants=(*report.participants, known(role, key="p9")))
    if where == "places":
        return replace(
            report, places=(*report.places, Where(key="w9", record_id=SOMEBODY, owner_id=42))
        )
    anchor, _, field = where.partition("-")
    if anchor == "field":
        return replace(report, fields={**report.fields, field: "yes"})
    told = dict.fromkeys(names.split("+"), "yes")

    def more(part: Any) -> Any:
        if part.key != anchor:
            return part
        if field == "roles" and isinstance(part, Participant):
            return replace(part, roles=("witness",))
        if field == "uses" and isinstance(part, Thing):
            return replace(part, uses=(uses_of(part.kind)[0].code,))
        return replace(part, fields={**part.fields, **told})

    return replace(
        report,
        participants=tuple(map(more, report.participants)),
        things=tuple(map(more, report.things)),
        places=tuple(map(more, report.places)),
    )


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_a_report_that_says_nothing_can_not_be_submitted(kind: RecordKind) -> None:
    empty = Report(kind=kind, fields={"officer": "PC 1234 Smith", "reported_date": "2026-11-21"},
                   participants=(person("witness"),))  # fmt: skip
    assert "anything" in {one.code for one in ready(empty).blocking}


@pytest.mark.parametrize(
    "kind", [kind for kind in EVENT_KINDS if kind not in (*INTELLIGENCE, RecordKind.ARREST,
                                                          RecordKind.MISSING_PERSON)]
)  # fmt: skip
def test_one_line_is_enough_to_submit(kind: RecordKind) -> None:
    found = ready(Report(kind=kind, fields={"summary": "Something happened"}))
    assert found.can_submit
    assert found.gaps


def test_nothing_that_the_register_knows_is_asked_again() -> None:
    found = ready(Report(
        kind=RecordKind.CRIME,
        fields={"summary": "Theft"},
        participants=(known("suspect"), known("victim", key="p2")),
        things=(Thing(key="t1", kind=RecordKind.VEHICLE, uses=("used",), record_id=SOMEBODY),),
        places=(Where(key="w1", record_id=SOMEBODY),),
    ))  # fmt: skip
    assert {one.where.partition("-")[0] for one in found.missing} == {"field"}


def test_what_somebody_is_in_the_event_is_asked_of_all() -> None:
    found = ready(
        Report(
            kind=RecordKind.CRIME,
            fields={"summary": "x"},
            participants=(known(),),
            things=(Thing(key="t1", kind=RecordKind.PHONE, record_id=SOMEBODY),),
        )
    )
    assert {"p1-roles", "t1-uses"} <= {one.where for one in found.gaps}


def test_a_person_typed_anew_lacks_the_minimum() -> None:
    found = ready(Report(kind=RecordKind.CRIME, participants=(person("victim", surname="Quill"),)))
    assert {one.where for one in found.gaps if one.where.startswith("p1-")} == {
        "p1-given_names",
        "p1-date_of_birth",
        "p1-gender",
        "p1-postcode",
    }
    assert "Given names (Quill)" in {one.what for one in found.gaps}


@pytest.mark.parametrize("number", ["pnc_id", "cro"])
def test_a_number_of_the_police_counts_as_a_contact_of_a_suspect_alone(number: str) -> None:
    contact = "postcode|street+town|phone|email"
    for role, is_enough in (("suspect", True), ("victim", False)):
        report = Report(kind=RecordKind.CRIME, participants=(person(role, **{number: "x"}),))
        assert any(code.startswith(contact) for code in codes(ready(report))) is not is_enough


@pytest.mark.parametrize("ethnicity", ["ethnicity_self_defined", "ethnicity_observed"])
def test_both_ethnicities_are_wanted_of_whoever_is_arrested_or_searched(ethnicity: str) -> None:
    for kind, role in ((RecordKind.ARREST, "arrested"), (RecordKind.STOP_SEARCH, "searched")):
        assert ethnicity in codes(ready(Report(kind=kind, participants=(person(role, age="30"),))))
        assert ethnicity not in codes(ready(Report(kind=kind, participants=(person("witness"),))))


def test_a_hate_crime_wants_its_checks() -> None:
    for told, is_wanted in (("race", True), ("none", False), ("", False)):
        found = ready(Report(kind=RecordKind.CRIME, fields={"hate_crime": told}))
        assert ("hate_crime_checks" in codes(found)) is is_wanted


def test_whoever_is_only_described_does_not_contradict_an_unidentified_suspect() -> None:
    fields = {"summary": "Theft", "outcome": "18"}
    described = person("suspect", description="Tall, red hoodie", sex="Male")
    assert ready(Report(kind=RecordKind.CRIME, fields=fields, participants=(described,))).can_submit
    named = person("suspect", surname="Hale")
    found = ready(Report(kind=RecordKind.CRIME, fields=fields, participants=(named,)))
    assert [one.where for one in found.blocking] == ["field-outcome"]
    assert "no suspect was identified" in found.blocking[0].why


def test_a_vehicle_that_matters_wants_more_than_one_that_was_seen() -> None:
    def gaps(use: str, **fields: str) -> set[str]:
        thing = Thing(key="t1", kind=RecordKind.VEHICLE, uses=(use,), fields=fields)
        return {one.where for one in ready(Report(kind=RecordKind.CRIME, things=(thing,))).gaps
                if one.where.startswith("t1-")}  # fmt: skip

    assert gaps("stolen") == {"t1-mark", "t1-make", "t1-model", "t1-body", "t1-colour"}
    assert gaps("seen", colour="red") == set()


GRADED = {"summary": "x", "source_evaluation": "1", "assessment": "B"}


def test_intelligence_under_c_needs_its_conditions() -> None:
    kind = RecordKind.INTELLIGENCE_CONDITIONAL
    assert not ready(Report(kind=kind, fields=GRADED)).can_submit
    whole = {**GRADED, "action": "A1", "sanitisation": "S2"}
    assert ready(Report(kind=kind, fields=whole)).can_submit
    needs_use = ready(Report(kind=kind, fields={**whole, "action": "A3"}))
    assert [one.code for one in needs_use.blocking] == ["action_use"]


def test_intelligence_is_held_against_its_handling_code_whatever_kind_was_picked() -> None:
    report = Report(kind=RecordKind.INTELLIGENCE, fields={**GRADED, "handling_code": "C"})
    assert {one.code for one in ready(report).blocking} == {"action", "sanitisation"}


def test_conditions_under_p_and_high_markings_are_contradictions() -> None:
    for fields in ({"action": "A1"}, {"marking": "SECRET"}, {"assessment": "Z"}):
        found = ready(Report(kind=RecordKind.INTELLIGENCE, fields={**GRADED, **fields}))
        assert [one.where for one in found.blocking] == [f"field-{next(iter(fields))}"]


def test_a_wrong_value_is_kept_with_a_notice_and_never_blocks() -> None:
    report = Report(
        kind=RecordKind.CRIME,
        fields={"summary": "Theft", "occurred_date": "31/2/2026", "ho_class": "28Z",
                "status": "lost", "mo": "short"},
        participants=(person("suspect", pnc_id="90/570L", surname="Hale"),),
        places=(Where(key="w1", fields={"postcode": "QX1 1AA"}),),
    )  # fmt: skip
    found = ready(report)
    assert found.can_submit
    assert {one.where for one in found.notices} == {
        "field-occurred_date", "field-ho_class", "field-status", "field-mo", "p1-pnc_id",
        "w1-postcode",
    }  # fmt: skip
    assert "has the check letter L, but N is right" in {one.problem for one in found.notices}


@pytest.mark.parametrize(
    ("until_date", "until_time", "where"),
    [
        ("2026-11-19", "", "field-occurred_until_date"),
        ("2026-11-20", "21:00", "field-occurred_until_time"),
        ("", "21:00", "field-occurred_until_time"),
        ("2026-11-21", "21:00", None),
    ],
)
def test_what_ends_before_it_begins_is_noticed(
    until_date: str, until_time: str, where: str | None
) -> None:
    fields = {"occurred_date": "2026-11-20", "occurred_time": "22:00",
              "occurred_until_date": until_date, "occurred_until_time": until_time}  # fmt: skip
    found = ready(Report(kind=RecordKind.INCIDENT, fields=fields))
    assert [one.where for one in found.notices] == ([where] if where else [])


def test_every_demand_can_be_read() -> None:
    of_things = {"roles", "uses", "people", "places", "anything"}
    kinds = (*EVENT_KINDS, *THING_KINDS, RecordKind.PERSON, RecordKind.PLACE)
    for kind in kinds:
        for requirement in requirements(kind):
            assert requirement.level in ("blocks", "wanted")
            assert requirement.source
            assert requirement.level == "wanted" or requirement.what in BLOCKING
            for prefix, name in demands_of(requirement.what):
                of_kind = RecordKind.PLACE if prefix == "place" else kind
                names = {field.code for field in fields_of(of_kind)}
                if prefix == "role":
                    assert name in {role.code for role in ROLES}
                elif prefix == "thing":
                    assert RecordKind.from_code(name) in THING_KINDS
                else:
                    assert name in of_things or set(name.split("+")) <= names


def test_choices_that_are_picked_are_never_noticed() -> None:
    for kind in EVENT_KINDS:
        for field in fields_of(kind):
            for choice in choices(field.choices) if field.choices else ():
                assert check(field.check, choice.code, today=TODAY).problem == ""
