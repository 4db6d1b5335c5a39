"""A report as one flat form: there and back, and only what was changed on a page is taken."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind
from concordat.records.rules.catalogue import ROLES, fields_of, uses_of
from concordat.records.rules.merging import merge
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.tracing.queries import Candidate
from concordat.web.drafting import added, linked, removed, settled, unlinked
from concordat.web.report_values import Told, base_text, report_of, values_of

RECORD = UUID("01890000-0000-7000-8000-000000000001")

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1).filter(
    lambda text: text.strip() == text
)
BEGUN = Report(
    kind=RecordKind.CRIME,
    fields={"summary": "Phone taken", "occurred_date": "2026-11-21"},
    participants=(
        Participant(key="p1", roles=("suspect",), fields={"surname": "Hale"}),
        Participant(key="p2", roles=("victim",), record_id=RECORD, owner_id=42, label="Mary"),
    ),
)


def told_of(kind: RecordKind) -> st.SearchStrategy[dict[str, str]]:
    """Some fields of a kind, with any text."""
    codes = [field.code for field in fields_of(kind)]
    return st.dictionaries(st.sampled_from(codes), texts, max_size=4)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report: of any kind, with people, things and places, known and new."""
    kind = draw(st.sampled_from(EVENT_KINDS))
    people, things = [], []
    codes = [role.code for role in ROLES]
    for number in range(1, draw(st.integers(0, 3)) + 1):
        known = draw(st.booleans())
        people.append(
            Participant(
                key=f"p{number}",
                roles=tuple(sorted(draw(st.sets(st.sampled_from(codes))))),
                record_id=RECORD if known else None,
                owner_id=42 if known else None,
                label=draw(texts | st.just("")),
                fields={} if known else draw(told_of(RecordKind.PERSON)),
                assessment=draw(st.booleans()),
                note=draw(texts | st.just("")),
            )
        )
    for number in range(1, draw(st.integers(0, 2)) + 1):
        of = draw(st.sampled_from(THING_KINDS))
        uses = st.sets(st.sampled_from([use.code for use in uses_of(of)]))
        things.append(
            Thing(
                key=f"t{number}", kind=of, uses=tuple(sorted(draw(uses))), fields=draw(told_of(of))
            )
        )
    places = [
        Where(key=f"w{number}", fields=draw(told_of(RecordKind.PLACE)))
        for number in range(1, draw(st.integers(0, 2)) + 1)
    ]
    return Report(
        kind=kind,
        fields=draw(told_of(kind)),
        participants=tuple(people),
        things=tuple(things),
        places=tuple(places),
    )


def posted(**said: str) -> QueryDict:
    """What a page of `BEGUN` posts when these values are changed on it."""
    shown = {
        "field-summary": "Phone taken",
        "field-occurred_date": "21 November 2026",
        "p1-surname": "Hale",
    }
    boxes = [("p1-roles", ""), ("p1-roles", "suspect"), ("p2-roles", ""), ("p2-roles", "victim")]
    pairs = [*(shown | said).items(), *boxes, ("base", base_text(values_of(BEGUN)))]
    return QueryDict(urlencode(pairs))


@given(report=reports())
def test_every_report_comes_back_as_it_was(report: Report) -> None:
    assert report_of(values_of(report)) == report


def test_a_page_on_which_nothing_was_changed_changes_nothing() -> None:
    told = Told.read(posted())

    assert told.mine == told.base == values_of(BEGUN)


def test_only_what_was_changed_on_the_page_is_taken() -> None:
    told = Told.read(posted(**{"p1-surname": "Hail"}))

    changed = {name for name, text in told.mine.items() if told.base.get(name) != text}
    assert changed == {"p1-surname"}


def test_line_ends_of_a_browser_are_no_change() -> None:
    begun = Report(kind=RecordKind.CRIME, fields={"summary": "One\ntwo"})
    data = QueryDict(
        urlencode({"field-summary": "One\r\ntwo", "base": base_text(values_of(begun))})
    )

    assert Told.read(data).mine == values_of(begun)


def test_a_page_cannot_say_which_record_somebody_is() -> None:
    forged = {"p1-record": f"{RECORD} 46", "p1-part": "place", "p1-label": "Somebody else"}

    assert Told.read(posted(**forged)).mine == values_of(BEGUN)


def test_a_page_that_carries_nonsense_says_nothing_of_the_past() -> None:
    for nonsense in ("", "{", "[1]", "null"):
        assert Told.read(QueryDict(urlencode({"base": nonsense}))).base == {}


def test_who_is_linked_is_not_typed_again_and_keeps_their_role() -> None:
    values = linked("p1", _candidate())(values_of(BEGUN))
    one = report_of(values).participants[0]

    assert (one.record_id, one.owner_id, one.label) == (RECORD, 46, "Robert Hale")
    assert one.roles == ("suspect",)
    assert one.fields == {}

    again = report_of(unlinked("p1", {"surname": "Hale"})(values_of(report_of(values))))
    assert again.participants[0].record_id is None
    assert again.participants[0].fields == {"surname": "Hale"}


def test_what_is_added_gets_a_key_of_its_own_and_what_is_removed_is_gone() -> None:
    values = added("vehicle", {"mark": "AB12CDE"})(added("person", {})(values_of(BEGUN)))
    report = report_of(removed("p1")(values))

    assert [one.key for one in report.participants] == ["p2", "p3"]
    assert report.things == (Thing(key="t1", kind=RecordKind.VEHICLE, fields={"mark": "AB12CDE"}),)


def test_choosing_what_is_here_keeps_a_part_that_was_left_out_elsewhere() -> None:
    theirs = removed("p1")(values_of(BEGUN))
    told = Told.read(posted(**{"p1-surname": "Hail"}))
    asked = merge(told.base, told.mine, theirs)
    assert [one.code for one in asked.conflicts] == ["p1-surname"]

    kept = settled(told, "p1-surname", theirs=theirs, keep_mine=True)
    left = settled(told, "p1-surname", theirs=theirs, keep_mine=False)

    now = report_of(merge(kept.base, kept.mine, theirs).values)
    assert [one.fields.get("surname") for one in now.participants if one.key == "p1"] == ["Hail"]
    assert "p1" not in {
        one.key for one in report_of(merge(left.base, left.mine, theirs).values).participants
    }


def _candidate() -> Candidate:
    return Candidate(
        kind=RecordKind.PERSON,
        record_id=RECORD,
        owner_id=46,
        label="Robert Hale",
        detail="known to Kent",
    )
