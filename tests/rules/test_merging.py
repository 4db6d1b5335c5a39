"""Two people change one record: nothing of either is overwritten."""

from hypothesis import given
from hypothesis import strategies as st

from concordat.records.rules.merging import Conflict, merge

FIELDS = st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["", "1", "2", "3"]))


def test_changes_of_different_fields_merge_by_themselves() -> None:
    base = {"make": "Ford", "colour": "red", "keeper": "Hale"}
    merged = merge(base, {**base, "colour": "blue"}, {**base, "make": "Fiat", "keeper": ""})
    assert merged.conflicts == ()
    assert merged.values == {"make": "Fiat", "colour": "blue"}


def test_changes_of_one_field_are_put_to_whoever_came_second() -> None:
    merged = merge({"colour": "red"}, {"colour": "blue"}, {"colour": "green"})
    assert merged.conflicts == (Conflict(code="colour", base="red", mine="blue", theirs="green"),)
    assert merged.values == {"colour": "green"}


def test_the_same_change_twice_is_no_conflict() -> None:
    assert merge({"a": "1"}, {"a": "2"}, {"a": " 2 "}).conflicts == ()


def test_to_clear_a_field_is_a_change_like_any_other() -> None:
    assert merge({"a": "1"}, {}, {"a": "2"}).conflicts == (
        Conflict(code="a", base="1", mine="", theirs="2"),
    )
    assert merge({"a": "1"}, {}, {"a": "1"}).values == {}


@given(base=FIELDS, mine=FIELDS, theirs=FIELDS)
def test_no_change_is_ever_lost(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge(base, mine, theirs)
    in_conflict = {conflict.code for conflict in merged.conflicts}
    for code in base.keys() | mine.keys() | theirs.keys():
        before, own, other = (side.get(code, "") for side in (base, mine, theirs))
        kept = merged.values.get(code, "")
        assert kept in (own, other)
        if code not in in_conflict:
            assert kept == (own if own != before else other)
    mirrored = merge(base, theirs, mine)
    assert {conflict.code for conflict in mirrored.conflicts} == in_conflict


@given(base=FIELDS, mine=FIELDS)
def test_who_edits_alone_gets_what_they_wrote(base: dict[str, str], mine: dict[str, str]) -> None:
    merged = merge(base, mine, base)
    assert merged.conflicts == ()
    assert merged.values == {code: value for code, value in mine.items() if value}
