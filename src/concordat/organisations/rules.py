"""Rules about bodies, places and sign-in that need no database."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

ALLOWED_FAILURES = 5
"""Wrong passwords in a row before an account rests."""

LOCK_MINUTES = 15
"""How long it rests, in minutes."""

MINIMUM_PASSWORD_LENGTH = 12
"""National Cyber Security Centre advice: length, such as three random words, beats complexity."""

_EARTH_METRES = 6_371_009
_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])([ABD-HJLNP-UW-Z]{2})?$")
_LSOA_SUFFIX = re.compile(r"\s+\d{3}[A-Z]$")


class OrganisationKind(StrEnum):
    """What kind of legal body an organisation is."""

    FORCE = "force"
    FIRE_SERVICE = "fire_service"
    POLICING_BODY = "policing_body"
    FIRE_AUTHORITY = "fire_authority"

    @property
    def label(self) -> str:
        """The kind in plain English."""
        return self.value.replace("_", " ").capitalize()


class Measure(StrEnum):
    """What a published figure measures."""

    POPULATION = "population"
    POLICE_OFFICERS_FTE = "police_officers_fte"
    POLICE_STAFF_FTE = "police_staff_fte"
    PCSO_FTE = "pcso_fte"
    SPECIALS = "specials"
    RECORDED_OFFENCES = "recorded_offences"
    BUDGET_REQUIREMENT = "budget_requirement"
    TOTAL_GRANTS = "total_grants"
    TOTAL_FUNDING_SETTLEMENT = "total_funding_settlement"
    TOTAL_BUDGET = "total_budget"
    REVENUE_BUDGET = "revenue_budget"
    POLICING_BUDGET = "policing_budget"
    ORIGINAL_NET_BUDGET = "original_net_budget"
    CHIEF_CONSTABLE_BUDGET = "chief_constable_budget"

    @property
    def label(self) -> str:
        """The measure in plain English."""
        return _MEASURE_LABELS[self]


_MEASURE_LABELS = {
    Measure.POPULATION: "Population (mid-year estimate)",
    Measure.POLICE_OFFICERS_FTE: "Police officers (full-time equivalent)",
    Measure.POLICE_STAFF_FTE: "Police staff (full-time equivalent)",
    Measure.PCSO_FTE: "Community support officers (full-time equivalent)",
    Measure.SPECIALS: "Special constables",
    Measure.RECORDED_OFFENCES: "Recorded offences in the year",
    Measure.BUDGET_REQUIREMENT: "Budget requirement",
    Measure.TOTAL_GRANTS: "Total of government grants",
    Measure.TOTAL_FUNDING_SETTLEMENT: "Total funding settlement",
    Measure.TOTAL_BUDGET: "Total budget",
    Measure.REVENUE_BUDGET: "Revenue budget",
    Measure.POLICING_BUDGET: "Policing budget",
    Measure.ORIGINAL_NET_BUDGET: "Net budget as first set",
    Measure.CHIEF_CONSTABLE_BUDGET: "Chief constable’s budget",
}


def lock_after_failure(failures: int, *, at: datetime) -> datetime | None:
    """Return until when an account rests after its `failures`-th wrong password, or None."""
    return at + timedelta(minutes=LOCK_MINUTES) if failures >= ALLOWED_FAILURES else None


def normal_name(name: str) -> str:
    """Return a body's name as it is compared: lower case, "&" as "and", single spaces."""
    return " ".join(name.lower().replace("&", "and").split())


def district_of_lsoa_name(lsoa_name: str) -> str:
    """Return the district part of an LSOA's name: "Colchester 011C" lies in "Colchester"."""
    return _LSOA_SUFFIX.sub("", lsoa_name.strip())


def read_postcode(text: str) -> str | None:
    """Return a postcode or postcode sector in its usual form, or None if `text` is neither.

    "co11aa" is "CO1 1AA" and "co1 1" is "CO1 1".
    """
    match = _POSTCODE.match(re.sub(r"\s+", "", text).upper())
    if not match:
        return None
    outward, sector, unit = match.groups()
    return f"{outward} {sector}{unit or ''}"


def postcode_sector(postcode: str) -> str:
    """Return the sector of a postcode in its usual form: "CO1 1" for "CO1 1AA"."""
    outward, inward = postcode.split(" ")
    return f"{outward} {inward[0]}"


def metres_between(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """Return the great-circle distance in metres between two WGS 84 points (haversine)."""
    north = radians(latitude_b - latitude_a)
    east = radians(longitude_b - longitude_a)
    chord = (
        sin(north / 2) ** 2
        + cos(radians(latitude_a)) * cos(radians(latitude_b)) * sin(east / 2) ** 2
    )
    return 2 * _EARTH_METRES * asin(sqrt(chord))
