"""Writing organisations, areas and people."""

from concordat.organisations.actions.areas import load_areas
from concordat.organisations.actions.people import (
    add_person,
    change_roles,
    close_account,
    set_password,
)
from concordat.organisations.actions.reference import load_reference
from concordat.organisations.actions.sign_in import choose_purpose, sign_in, sign_out

__all__ = [
    "add_person",
    "change_roles",
    "choose_purpose",
    "close_account",
    "load_areas",
    "load_reference",
    "set_password",
    "sign_in",
    "sign_out",
]
