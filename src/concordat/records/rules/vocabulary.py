"""The words that sources use for crime types, objects of search and outcomes.

Source: data.police.uk, street-level files and stop-and-search files up to 2024. The lists are open:
a value that isn't here is kept as it came and named in the load's report.
"""

CRIME_TYPES = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)

OBJECTS_OF_SEARCH = (
    "Anything to threaten or harm anyone",
    "Article for use in theft",
    "Articles for use in criminal damage",
    "Controlled drugs",
    "Crossbows",
    "Detailed object of search unavailable",
    "Evidence of offences under the Act",
    "Evidence of wildlife offences",
    "Firearms",
    "Fireworks",
    "Game or poaching equipment",
    "Goods on which duty has not been paid etc.",
    "Object not recorded",
    "Offensive weapons",
    "Psychoactive substances",
    "Stolen goods",
)

STREET_OUTCOMES = (
    "Action to be taken by another organisation",
    "Awaiting court outcome",
    "Court result unavailable",
    "Court case unable to proceed",
    "Defendant found not guilty",
    "Defendant sent to Crown Court",
    "Formal action is not in the public interest",
    "Further action is not in the public interest",
    "Further investigation is not in the public interest",
    "Investigation complete; no suspect identified",
    "Local resolution",
    "Offender deprived of property",
    "Offender fined",
    "Offender given a caution",
    "Offender given a drugs possession warning",
    "Offender given absolute discharge",
    "Offender given community sentence",
    "Offender given conditional discharge",
    "Offender given penalty notice",
    "Offender given suspended prison sentence",
    "Offender ordered to pay compensation",
    "Offender otherwise dealt with",
    "Offender sent to prison",
    "Status update unavailable",
    "Suspect charged as part of another case",
    "Unable to prosecute suspect",
    "Under investigation",
)

STOP_SEARCH_OUTCOMES = (
    "A no further action disposal",
    "Arrest",
    "Caution (simple or conditional)",
    "Community resolution",
    "Khat or Cannabis warning",
    "Penalty Notice for Disorder",
    "Summons / charged by post",
)

KNOWN_VALUES = frozenset(
    (*CRIME_TYPES, *OBJECTS_OF_SEARCH, *STREET_OUTCOMES, *STOP_SEARCH_OUTCOMES, "")
)
