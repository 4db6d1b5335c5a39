"""Standard forms: what one recorded value says, written one way. '' stands for “says nothing”.

Pure functions without state, made to run over every distinct value of millions of records.
"""

from concordat.identity.engine.forms.contacts import email_form, phone_form, sex_form
from concordat.identity.engine.forms.dates import date_form, date_order
from concordat.identity.engine.forms.identifiers import (
    cro_form,
    cro_is_valid,
    driving_licence_form,
    driving_licence_is_valid,
    identifier_form,
    identifier_is_valid,
    licence_surname_and_birth,
    nino_form,
    nino_is_valid,
    pnc_id_form,
    pnc_id_is_valid,
    registration_mark_form,
    registration_mark_is_valid,
)
from concordat.identity.engine.forms.names import (
    equivalent_names,
    first_and_middle,
    name_form,
    split_full_name,
    surname_form,
)
from concordat.identity.engine.forms.phonetics import phonetic
from concordat.identity.engine.forms.places import (
    house_form,
    place_form,
    postcode_form,
    postcode_is_valid,
    split_address,
    street_form,
)

__all__ = [
    "cro_form",
    "cro_is_valid",
    "date_form",
    "date_order",
    "driving_licence_form",
    "driving_licence_is_valid",
    "email_form",
    "equivalent_names",
    "first_and_middle",
    "house_form",
    "identifier_form",
    "identifier_is_valid",
    "licence_surname_and_birth",
    "name_form",
    "nino_form",
    "nino_is_valid",
    "phone_form",
    "phonetic",
    "place_form",
    "pnc_id_form",
    "pnc_id_is_valid",
    "postcode_form",
    "postcode_is_valid",
    "registration_mark_form",
    "registration_mark_is_valid",
    "sex_form",
    "split_address",
    "split_full_name",
    "street_form",
    "surname_form",
]
