"""The examples in the docstrings of the standard forms hold, and all forms share some laws."""

import doctest
import importlib
import pkgutil
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine import forms

MODULES = [
    importlib.import_module(f"{forms.__name__}.{found.name}")
    for found in pkgutil.iter_modules(forms.__path__)
]
FORMS: list[Callable[[str], str]] = [
    forms.cro_form,
    forms.date_form,
    forms.driving_licence_form,
    forms.email_form,
    forms.house_form,
    forms.identifier_form,
    forms.name_form,
    forms.nino_form,
    forms.phone_form,
    forms.phonetic,
    forms.place_form,
    forms.pnc_id_form,
    forms.postcode_form,
    forms.registration_mark_form,
    forms.sex_form,
    forms.street_form,
    forms.surname_form,
]
# A sound code is no name any more, and particles joined can look like another particle (d'a l).
ITS_OWN_INPUT = [form for form in FORMS if form not in {forms.phonetic, forms.surname_form}]

typed = st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=25)
like_records = st.text(alphabet="abcdeflmnorst ABCOIS'-/.,@+0123456789", max_size=25)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_examples_in_docstrings_hold(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.failed == 0


def test_every_form_is_covered_by_the_laws() -> None:
    named = {name for name in forms.__all__ if name.endswith("_form")} | {"phonetic"}
    assert {form.__name__ for form in FORMS} == named


@pytest.mark.parametrize(
    "nothing",
    ["", " ", "-", "--", ".", "?", "Unknown", "N/K", " n/a ", "NONE", "null", "not known"],
)
@pytest.mark.parametrize("form", [form for form in FORMS if form is not forms.phonetic])
def test_what_says_nothing_has_no_form(form: Callable[[str], str], nothing: str) -> None:
    assert form(nothing) == ""


@given(value=st.text(max_size=30) | typed | like_records)
def test_forms_never_fail_and_hold_single_spaces_inside_alone(value: str) -> None:
    for form in FORMS:
        made = form(value)
        assert made == " ".join(made.split()), form


@given(value=typed | like_records)
def test_a_standard_form_is_its_own_standard_form(value: str) -> None:
    for form in ITS_OWN_INPUT:
        made = form(value)
        assert form(made) == made, form


@given(value=like_records)
def test_neither_outer_spaces_nor_capitals_matter(value: str) -> None:
    for form in ITS_OWN_INPUT:
        assert form(f"  {value} ") == form(value), form
        assert form(value.upper()) == form(value.lower()), form


@given(value=st.text(max_size=30) | like_records)
def test_splitting_a_name_or_an_address_never_fails(value: str) -> None:
    for part in (*forms.split_full_name(value), *forms.split_address(value)):
        assert part == part.strip()
