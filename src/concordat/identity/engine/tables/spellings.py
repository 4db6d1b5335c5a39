"""How columns of persons are called, and what their values look like.

A name is compared without case, accents, punctuation and the words that only qualify it
(`person`, `home`, `code`). Add a spelling here and it is known everywhere.
"""

import re
import unicodedata
from typing import Final

from concordat.identity.engine.meanings import Meaning

_SPELLINGS: Final[dict[Meaning, str]] = {
    Meaning.FORENAME: (
        "forename, forenames, forename 1, first forename, first name, first names, first, "
        "given name, given names, given, christian name, christian names, fname, f name, gname, "
        "firstnm, given nm, first nm, fore name, name first, name given"
    ),
    Meaning.MIDDLE_NAMES: (
        "middle name, middle names, middle, middle initial, middle initials, middle init, mid, "
        "mname, m name, mi, minit, second name, second forename, other names, other forenames, "
        "other given names, forename 2, forenames 2, additional names, midl name, mid name, fname2"
    ),
    Meaning.SURNAME: (
        "surname, surnames, last name, last names, last, family name, family names, family, lname, "
        "l name, sname, s name, lastnm, last nm, surnm, sur name, name last, name family, "
        "surname 1, last surname, family nm"
    ),
    Meaning.FULL_NAME: (
        "name, full name, fullname, complete name, whole name, names, display name, known as, "
        "name full, person, nominal, first and surname, forename surname, nominal name"
    ),
    Meaning.DATE_OF_BIRTH: (
        "dob, date of birth, birth date, birthdate, birth, born, date born, birthday, d o b, "
        "birth dt, dt of birth, dte of birth, bdate, b date, date birth, born on, birth day date, "
        "dateofbirth dt, birth dte, dob dt"
    ),
    Meaning.SEX: "sex, gender, sex or gender, m f, mf, sex at birth, gndr, sx",
    Meaning.POSTCODE: (
        "postcode, post code, postal code, pcode, p code, pc, zip, zipcode, zip code, postalcode, "
        "pcd, zip 5, zip5, post cd, pstcd, pcds"
    ),
    Meaning.HOUSE: (
        "house, house number, house no, house num, house name, house name number, "
        "house name or number, building, building number, building no, building name, "
        "street number, street no, street num, number, no, address number, property number, "
        "door number, premises, premise, paon, primary number, hse no, hse, st no"
    ),
    Meaning.STREET: (
        "street, street name, road, road name, address, address 1, address 2, address 3, "
        "address line, address line 1, address line 2, address line 3, address line one, "
        "address line two, addr, addr 1, addr 2, addr line 1, addr line 2, line 1, line 2, "
        "street address, street address 1, street address 2, full address, add 1, add 2, "
        "thoroughfare, st name, street nm, "
        "address street, postal address, adress"
    ),
    Meaning.TOWN: (
        "town, city, suburb, town city, city town, town or city, post town, posttown, village, "
        "locality, municipality, place, settlement, address town, address city, town name, "
        "city name, twn, cty"
    ),
    Meaning.REGION: (
        "county, state, region, province, address county, address state, state code, county name, "
        "state name, cnty, district"
    ),
    Meaning.PHONE: (
        "phone, telephone, tel, phone number, phone no, telephone number, telephone no, tel no, "
        "tel number, mobile, mobile number, mobile no, mobile phone, cell, cell phone, cellphone, "
        "mob, mob no, phone 1, mobile tel, landline, msisdn, telno, full phone number, phone num"
    ),
    Meaning.EMAIL: (
        "email, e mail, email address, e mail address, mail, mail address, emailaddress, email 1, "
        "eml, email id"
    ),
    Meaning.PNC_ID: "pnc, pnc id, pncid, pnc no, pnc number, pnc ref",
    Meaning.CRO: "cro, cro no, cro number, cro ref, criminal record office number, cro id",
    Meaning.DRIVING_LICENCE: (
        "driving licence, driving licence number, driving licence no, driver licence, "
        "drivers licence, driver number, dln, dl number, licence number, driving license, "
        "drivers license, driver license, license number, driving licence num, dvla number"
    ),
    Meaning.NINO: (
        "nino, ni number, ni no, national insurance number, national insurance no, "
        "national insurance, nat ins no, ni, ni num"
    ),
    Meaning.IDENTIFIER: (
        "soc sec id, soc sec, ssn, social security number, social security no, social security, "
        "social security id, nhs number, nhs no, nhs, passport, passport number, passport no, "
        "national id, national id number, identity number, id card number, tax id, "
        "prison number, noms number, noms id, prisoner number, medicare number, arrest summons id"
    ),
    Meaning.BIRTH_PLACE: (
        "birth place, birthplace, place of birth, pob, town of birth, city of birth, born in, "
        "birth town, birth city, country of birth, birth country"
    ),
    Meaning.OCCUPATION: "occupation, job, job title, profession, employment, trade, occ",
}

DATE_PARTS: Final[dict[str, str]] = {
    "year": "birth year, year of birth, yob, by, born year, dob year, dob y, dob yr, birth yr",
    "month": "birth month, month of birth, bm, born month, dob month, dob m",
    "day": "birth day, day of birth, bd, born day, dob day, dob d",
}
"""A date of birth in three columns."""

_NEVER: Final = (
    "id, ids, uid, guid, uuid, unique id, uniqueid, rec id, record id, recordid, row id, rowid, "
    "row, row number, row no, rownum, index, idx, key, pk, unnamed 0, entity id, entity, "
    "person id, personid, pid, customer id, client id, patient id, cluster, cluster id, clusterid, "
    "group id, true id, truth, ground truth, label, simulant id, household id, hh id, family id, "
    "source, "
    "source id, source file, source dataset, dataset, duplicate, is duplicate, match, match id, "
    "reference, ref, ref no, reference number, urn, nominal id, nominal ref, case id, voter id, "
    "created, updated, created at, updated at, date created, date updated, err, error"
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> list[str]:
    """Return the words of a column name: "FirstName" and " first_name" are the same two."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return [word.lower() for word in _WORD.findall(plain)]


def _known(spellings: str) -> list[str]:
    return ["".join(words(spelling)) for spelling in spellings.split(",")]


KNOWN: Final[dict[str, Meaning]] = {
    spelling: meaning for meaning, spelled in _SPELLINGS.items() for spelling in _known(spelled)
}
PARTS: Final[dict[str, str]] = {
    spelling: part for part, spelled in DATE_PARTS.items() for spelling in _known(spelled)
}
NEVER: Final = frozenset(_known(_NEVER))
_QUALIFIERS: Final = frozenset(
    _known(
        "person, persons, persn, nominal, subject, suspect, offender, victim, witness, defendant, "
        "detainee, customer, client, patient, applicant, member, employee, voter, resident, "
        "individual, contact, current, home, primary, main, latest, residential, res, address, "
        "addr, text, txt, value, val, raw, orig, original, fake, clean, cleaned, std, desc, "
        "description, code, cd, field, col, column, gb, uk"
    )
) | {"c", "1"}


def marks_rows(name: str) -> bool:
    """Return whether a column is called as one that numbers rows or groups them."""
    return "".join(words(name)) in NEVER


def spelled(name: str) -> tuple[str, int]:
    """Return the known spelling that a column name amounts to, and how far it was from it.

    0 is exact; each qualifying word left out adds one. "" if it is like none.
    """
    said = words(name)
    compact = "".join(said)
    if compact in NEVER:
        return "", 0
    if compact in KNOWN or compact in PARTS:
        return compact, 0
    for dropped in range(1, len(said)):
        for shorter in _without_qualifiers(said, dropped):
            compact = "".join(shorter)
            if compact in NEVER:
                return "", 0
            if compact in KNOWN or compact in PARTS:
                return compact, dropped
    return "", 0


def _without_qualifiers(said: list[str], dropped: int) -> list[list[str]]:
    """Return what is left of a name without so many qualifying words at its ends."""
    shorter = []
    for front in range(dropped + 1):
        back = dropped - front
        left_out = said[:front] + said[len(said) - back :]
        if all(word in _QUALIFIERS for word in left_out):
            shorter.append(said[front : len(said) - back])
    return shorter
