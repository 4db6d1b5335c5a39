"""The register of agreements: the matrix of functions and bodies, its gaps and its overlaps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.agreements.rules import Framework
from concordat.agreements.rules.register import (
    OTHER_NAMES,
    Entry,
    Weight,
    bordering,
    gaps,
    matrix,
    partners,
    same_bodies,
    same_function,
)


def entry(key: str, functions: str, parties: str, weight: Weight = Weight.IN_FORCE) -> Entry:
    return Entry(
        key=key,
        title=key,
        functions=tuple(functions.split(",")),
        bodies=frozenset(parties.split()),
        weight=weight,
    )


BCH = "bedfordshire cambridgeshire hertfordshire"
COLUMNS_SHOWN = ("essex", "kent", *BCH.split())


def test_a_cell_shows_the_strongest_of_its_texts() -> None:
    texts = [
        entry("OLD", "Dogs", "essex kent", Weight.RECORDED),
        entry("NEW", "Dogs,Firearms", "essex kent"),
        entry("GONE", "Dogs", "essex kent", Weight.ENDED),
    ]
    firearms, dogs = matrix(texts, columns=("essex", "kent", "norfolk"))
    assert [cell.weight for cell in dogs.cells] == [Weight.IN_FORCE, Weight.IN_FORCE, None]
    assert [e.key for e in dogs.cells[0].entries] == ["NEW", "OLD", "GONE"]
    assert (firearms.function, firearms.group) == ("Firearms", "Protective services")


def test_what_is_on_no_list_stands_last_under_its_own_name() -> None:
    texts = [entry("X", "Joint Royalty Service", "essex kent"), entry("Y", "ICT", "essex kent")]
    rows = matrix(texts, columns=("essex",))
    assert [(row.function, row.group) for row in rows] == [
        ("ICT", "Organisational support"),
        ("Joint Royalty Service", OTHER_NAMES),
    ]


def test_an_excluded_function_is_marked_for_those_it_binds_and_no_others() -> None:
    framework = Framework(reference="BCH-MOU", parties=BCH.split(), excluded=["Incident response"])
    (row,) = matrix([], columns=COLUMNS_SHOWN, frameworks=[framework])
    assert [cell.excluded_by for cell in row.cells] == ["", "", "BCH-MOU", "BCH-MOU", "BCH-MOU"]


def test_a_function_that_neighbours_share_and_a_body_does_not_is_a_gap() -> None:
    texts = [entry("BCH", "Dogs", BCH), entry("SOON", "Dogs", "essex kent", Weight.COMING)]
    near = {"essex": BCH.split(), "kent": ["essex"], "norfolk": ["cambridgeshire"]}
    (gap,) = gaps(texts, columns=("essex", "kent", "norfolk", *BCH.split()), neighbours=near)
    assert gap.shared_by == tuple(BCH.split())
    (lack,) = gap.lacking
    assert (lack.body, [e.key for e in lack.coming]) == ("essex", ["SOON"])


def test_a_gap_that_a_framework_forbids_to_close_says_so() -> None:
    framework = Framework(
        reference="MOU", parties=["essex", "bedfordshire"], excluded=["Neighbourhood policing"]
    )
    (gap,) = gaps(
        [entry("BCH", "Neighbourhood policing", BCH)],
        columns=("essex",),
        neighbours={"essex": BCH.split()},
        frameworks=[framework],
    )
    assert gap.lacking[0].excluded_by == "MOU"


@pytest.mark.parametrize("weight", [Weight.ENDED, Weight.COMING, Weight.LARGER])
def test_only_what_counts_is_missed_elsewhere_or_overlaps(weight: Weight) -> None:
    texts = [entry("BCH", "Dogs", BCH, weight), entry("BCH-2", "Dogs,ICT", BCH)]
    assert same_function(texts) == ()
    assert same_bodies(texts) == ()
    assert gaps(texts[:1], columns=("essex",), neighbours={"essex": BCH.split()}) == ()


def test_one_function_under_two_texts_of_the_same_bodies_is_an_overlap() -> None:
    texts = [
        entry("SEVEN", "ICT", f"essex kent norfolk {BCH}"),
        entry("BCH", "ICT,Dogs", BCH),
        entry("OTHERS", "ICT", "surrey sussex"),
    ]
    (found,) = same_function(texts)
    assert (found.function, found.bodies) == ("ICT", tuple(BCH.split()))
    assert [e.key for e in found.entries] == ["BCH", "SEVEN"]


def test_functions_of_the_same_six_bodies_under_three_texts_are_an_overlap() -> None:
    six = f"essex kent norfolk {BCH}"
    texts = [entry(f"T{name}", name, six) for name in ("Dogs", "Fleet", "ICT")]
    (found,) = same_bodies([*texts, entry("X", "Legal services", "essex kent")])
    assert (len(found.bodies), found.functions, len(found.entries)) == (
        6,
        ("Dogs", "Fleet", "ICT"),
        3,
    )


def test_two_versions_of_one_agreement_are_no_overlap() -> None:
    one = entry("EK", "Dogs", "essex kent")
    assert same_function([one, replace(one, weight=Weight.RECORDED)]) == ()


def test_a_text_of_all_forces_makes_nobody_a_neighbour() -> None:
    everybody = replace(entry("AIR", "Air support", "essex kent surrey"), everybody=True)
    small = entry("EK", "Dogs", "essex kent")
    assert partners([everybody, small]) == {
        "essex": frozenset({"kent"}),
        "kent": frozenset({"essex"}),
    }


def test_forces_with_a_common_border_are_neighbours() -> None:
    square = [[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]]
    beside = [[(1.0, 0.0), (1.0, 1.0), (2.0, 0.0)]]
    corner = [[(1.0, 1.0), (2.0, 2.0), (3.0, 0.0)]]
    found = bordering({"a": square, "b": beside, "c": corner})
    assert found == {"a": frozenset("b"), "b": frozenset("a"), "c": frozenset()}


FUNCTIONS = st.lists(
    st.sampled_from(["Dogs", "ICT", "Fleet", "Oddities"]), min_size=1, max_size=3, unique=True
).map(tuple)
ENTRIES = st.lists(
    st.builds(
        Entry,
        key=st.sampled_from([f"K{n}" for n in range(6)]),
        title=st.just("A text"),
        functions=FUNCTIONS,
        bodies=st.frozensets(st.sampled_from(COLUMNS_SHOWN), min_size=2, max_size=5),
        weight=st.sampled_from(list(Weight)),
        everybody=st.booleans(),
    ),
    max_size=8,
)


@given(ENTRIES)
def test_the_matrix_tells_exactly_what_the_entries_say(entries: list[Entry]) -> None:
    rows = matrix(entries, columns=COLUMNS_SHOWN)
    told = {
        (row.function, body, e.key, e.weight)
        for row in rows
        for body, cell in zip(COLUMNS_SHOWN, row.cells, strict=True)
        for e in cell.entries
    }
    assert told == {(f, b, e.key, e.weight) for e in entries for f in e.functions for b in e.bodies}


@given(ENTRIES)
def test_a_gap_is_never_reported_of_a_body_that_shares(entries: list[Entry]) -> None:
    near = dict.fromkeys(COLUMNS_SHOWN, COLUMNS_SHOWN)
    cells = {
        (row.function, body): cell
        for row in matrix(entries, columns=COLUMNS_SHOWN)
        for body, cell in zip(COLUMNS_SHOWN, row.cells, strict=True)
    }
    for gap in gaps(entries, columns=COLUMNS_SHOWN, neighbours=near):
        for lack in gap.lacking:
            assert lack.body not in gap.shared_by
            assert not any(e.weight.shares for e in cells[gap.function, lack.body].entries)
            assert set(lack.neighbours) <= set(gap.shared_by)


@given(ENTRIES)
def test_an_overlap_always_has_two_texts_and_two_bodies(entries: list[Entry]) -> None:
    for one in same_function(entries):
        assert len({e.key for e in one.entries}) == len(one.entries) > 1
        assert all(one.function in e.functions for e in one.entries)
        assert len(one.bodies) > 1
    for other in same_bodies(entries):
        assert len({e.key for e in other.entries}) == len(other.entries) > 1
        assert all(e.bodies == frozenset(other.bodies) for e in other.entries)
