"""The invented people of the sample world: at least one in every role."""

import json
import os
import secrets
from dataclasses import dataclass

from concordat.base.actor import Actor, Role
from concordat.organisations.actions import add_person
from concordat.server import configuration

PASSWORD_FILE = "demo-password.json"  # noqa: S105 (a file's name)

_WORDS = [
    "anchor",
    "badger",
    "candle",
    "daisy",
    "ember",
    "falcon",
    "garden",
    "harbour",
    "island",
    "juniper",
    "kettle",
    "lantern",
    "meadow",
    "nettle",
    "orchard",
    "pebble",
    "quarry",
    "ribbon",
    "saddle",
    "teapot",
    "umbrella",
    "violet",
    "willow",
    "yellow",
    "zephyr",
]


@dataclass(frozen=True)
class Member:
    """One invented member of staff."""

    username: str
    name: str
    organisation: str
    collar_number: str
    roles: tuple[Role, ...]


STAFF = (
    Member("essex.officer", "Asha Pennyfeather", "essex", "9001", (Role.OFFICER,)),
    Member("essex.supervisor", "Tom Larkrise", "essex", "9002", (Role.SUPERVISOR, Role.OFFICER)),
    Member("essex.intelligence", "Ines Quillfeather", "essex", "9003", (Role.INTELLIGENCE,)),
    Member("essex.control", "Bola Wintermere", "essex", "9004", (Role.CONTROL_ROOM,)),
    Member("essex.auditor", "Nora Slategate", "essex", "9005", (Role.AUDITOR,)),
    Member("essex.quality", "Piotr Ashwell-Finch", "essex", "9006", (Role.DATA_QUALITY,)),
    Member("essex.programme", "Grace Millbrook", "essex", "9007", (Role.PROGRAMME, Role.FINANCE)),
    Member("essex.admin", "Dev Thornapple", "essex", "9008", (Role.ADMINISTRATOR,)),
    Member("kent.officer", "Jack Hopgarden", "kent", "9001", (Role.OFFICER,)),
    Member("kent.auditor", "Mei Oasthouse", "kent", "9002", (Role.AUDITOR,)),
    Member("kent.finance", "Will Medwaydale", "kent", "9003", (Role.FINANCE,)),
    Member("kent.resources", "Sana Downland", "kent", "9004", (Role.RESOURCE_MANAGER,)),
    Member("kent.supervisor", "Edie Weatherboard", "kent", "9005", (Role.SUPERVISOR, Role.OFFICER)),
    Member("norfolk.officer", "Freya Reedcutter", "norfolk", "9001", (Role.OFFICER,)),
    Member("norfolk.intelligence", "Hal Marramgrass", "norfolk", "9002", (Role.INTELLIGENCE,)),
    Member("suffolk.officer", "Omar Shinglebank", "suffolk", "9001", (Role.OFFICER,)),
    Member("suffolk.intelligence", "Una Saltmarket", "suffolk", "9002", (Role.INTELLIGENCE,)),
    Member("cambridgeshire.officer", "Lena Fenwater", "cambridgeshire", "9001", (Role.OFFICER,)),
    Member("bedfordshire.officer", "Sam Strawplait", "bedfordshire", "9001", (Role.OFFICER,)),
    Member("hertfordshire.officer", "Rosa Chalkstream", "hertfordshire", "9001", (Role.OFFICER,)),
    Member("hertfordshire.programme", "Ivy Malthouse", "hertfordshire", "9002", (Role.PROGRAMME,)),
    Member("kent.programme", "Cora Oastfield", "kent", "9006", (Role.PROGRAMME,)),
    Member("norfolk.programme", "Edwin Broadwater", "norfolk", "9003", (Role.PROGRAMME,)),
    Member("suffolk.programme", "Tilda Pinkhouse", "suffolk", "9003", (Role.PROGRAMME,)),
    Member(
        "cambridgeshire.programme", "Noah Washbank", "cambridgeshire", "9002", (Role.PROGRAMME,)
    ),
    Member("bedfordshire.programme", "Amy Laceworth", "bedfordshire", "9002", (Role.PROGRAMME,)),
    *(
        Member(f"{force}.chief", name, force, "1", (Role.SIGNATORY,))
        for force, name in (
            ("bedfordshire", "Conrad Brickhill"),
            ("cambridgeshire", "Delia Fenstanton"),
            ("essex", "Harriet Saltcote"),
            ("hertfordshire", "Miles Wheathampton"),
            ("kent", "Rowan Downsborough"),
            ("norfolk", "Sylvia Broadmere"),
            ("suffolk", "Edmund Shingleford"),
        )
    ),
    *(
        Member(f"{body.partition('-')[0]}.commissioner", name, body, "1", roles)
        for body, name, roles in (
            ("bedfordshire-pcc", "Priya Strawbridge", (Role.SIGNATORY,)),
            ("cambridgeshire-pcc", "Alan Reedhurst", (Role.SIGNATORY,)),
            ("essex-pfcc", "Martha Blackwaterside", (Role.SIGNATORY, Role.PROGRAMME)),
            ("hertfordshire-pcc", "Gareth Chalkwell", (Role.SIGNATORY,)),
            ("kent-pcc", "Louise Wealdgrove", (Role.SIGNATORY,)),
            ("norfolk-pcc", "Peter Marshmill", (Role.SIGNATORY,)),
            ("suffolk-pcc", "Joan Alderstead", (Role.SIGNATORY,)),
        )
    ),
    Member("essex-fire.programme", "Ben Hosewell", "essex-fire", "1", (Role.PROGRAMME,)),
)


def make_staff(actor: Actor) -> None:
    """Add everybody, all with the demo's one password."""
    for member in STAFF:
        add_person(
            actor,
            organisation=member.organisation,
            collar_number=member.collar_number,
            username=member.username,
            name=member.name,
            roles=member.roles,
            password=password(),
        )


def password() -> str:
    """Return the demo's password: three random words, made once for this installation."""
    path = configuration.home() / PASSWORD_FILE
    if not path.exists():
        chosen = "-".join(secrets.choice(_WORDS) for _ in range(3))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"password": chosen}, file)
    return str(json.loads(path.read_text(encoding="utf-8"))["password"])
