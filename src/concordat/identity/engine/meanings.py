"""What a column of a table, or a feature of a person, means."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final


class Meaning(StrEnum):
    """What a column means. `IDENTIFIER` is any number that one person alone should have."""

    FORENAME = "forename"
    MIDDLE_NAMES = "middle_names"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    DATE_OF_BIRTH = "date_of_birth"
    SEX = "sex"
    POSTCODE = "postcode"
    HOUSE = "house"
    STREET = "street"
    TOWN = "town"
    REGION = "region"
    PHONE = "phone"
    EMAIL = "email"
    PNC_ID = "pnc_id"
    CRO = "cro"
    DRIVING_LICENCE = "driving_licence"
    NINO = "nino"
    IDENTIFIER = "identifier"
    BIRTH_PLACE = "birth_place"
    OCCUPATION = "occupation"


Columns = Mapping[str, Meaning]
"""The name of a column and what it means. Only streets may stand in more than one column."""


class Field(IntEnum):
    """What is compared: the columns of the encoded table, in this order."""

    FORENAME = 0
    SURNAME = 1
    MIDDLE_NAMES = 2
    DATE_OF_BIRTH = 3
    SEX = 4
    POSTCODE = 5
    HOUSE = 6
    STREET = 7
    TOWN = 8
    REGION = 9
    PHONE = 10
    EMAIL = 11
    PNC_ID = 12
    CRO = 13
    DRIVING_LICENCE = 14
    NINO = 15
    IDENTIFIER = 16
    BIRTH_PLACE = 17
    OCCUPATION = 18

    @property
    def meaning(self) -> Meaning:
        """The meaning of the same name."""
        return Meaning[self.name]

    @property
    def label(self) -> str:
        """The field in words."""
        return _LABELS.get(self, self.name.replace("_", " ").capitalize())


_LABELS: Final = {
    Field.MIDDLE_NAMES: "Middle names",
    Field.PNC_ID: "PNC ID",
    Field.CRO: "CRO number",
    Field.NINO: "National Insurance number",
    Field.HOUSE: "House number or name",
    Field.EMAIL: "Email",
}
NAMES: Final = (Field.FORENAME, Field.SURNAME, Field.MIDDLE_NAMES)
IDENTIFIERS: Final = (
    Field.PNC_ID,
    Field.CRO,
    Field.DRIVING_LICENCE,
    Field.NINO,
    Field.IDENTIFIER,
)
FIELDS: Final = len(Field)

WHOLE_YEAR: Final = 10_000
"""A date of birth is coded year × 10,000 + month × 100 + day: a smaller number tells no year."""
