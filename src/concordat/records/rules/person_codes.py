"""The codes that person records use, and what they mean.

Sources: NPCC Minimum POLE Data Standards Dictionary 1.1 (DS_037 gender, DS_038 self-defined and
DS_112 officer-observed ethnicity); the criminal justice system's 18+1 codes; ISO/IEC 5218 (sex: 1
male, 2 female); the warning signals of the Police National Computer. The lists are open: another
value is kept as recorded and noticed.
"""

from collections.abc import Mapping

SEXES = ("Male", "Female")

GENDERS = (
    "Male",
    "Female",
    "Trans Male",
    "Trans Female",
    "Non-Binary",
    "Intersex",
    "Not Specified",
    "Not Known",
)

NOT_TOLD = frozenset({"Not Specified", "Not Known"})
"""Genders that say that it isn't known."""

ETHNICITY_SELF_DEFINED: Mapping[str, str] = {
    "W1": "White: English, Welsh, Scottish, Northern Irish or British",
    "W2": "White: Irish",
    "W3": "White: Gypsy or Irish Traveller",
    "W5": "White: Roma",
    "W9": "White: any other White background",
    "M1": "Mixed: White and Black Caribbean",
    "M2": "Mixed: White and Black African",
    "M3": "Mixed: White and Asian",
    "M9": "Mixed: any other Mixed background",
    "A1": "Asian: Indian",
    "A2": "Asian: Pakistani",
    "A3": "Asian: Bangladeshi",
    "A4": "Asian: Chinese",
    "A9": "Asian: any other Asian background",
    "B1": "Black: Caribbean",
    "B2": "Black: African",
    "B9": "Black: any other Black background",
    "O2": "Other: Arab",
    "O9": "Other: any other ethnic group",
    "NS": "Not stated",
}

ETHNICITY_OBSERVED: Mapping[str, str] = {
    "0": "Not recorded or not known",
    "1": "White: North European",
    "2": "White: South European",
    "3": "Black",
    "4": "Asian",
    "5": "Chinese, Japanese or other South-East Asian",
    "6": "Arabic or North African",
    "7": "Mixed",
}

WARNINGS: Mapping[str, str] = {
    "VI": "Violent",
    "WE": "Weapons",
    "FI": "Firearms",
    "XP": "Explosives",
    "DR": "Drugs",
    "ES": "Escaper",
    "SU": "Suicidal",
    "SH": "Self-harm",
    "AT": "Ailment",
    "CO": "Contagious",
    "MN": "Mental health",
    "AG": "Makes allegations",
    "SO": "Sex offender",
    "OC": "Offends against children",
    "DO": "Domestic violence offender",
    "IM": "Male impersonator",
    "IF": "Female impersonator",
    "OB": "Offends on bail",
}

_SEX_WORDS = {
    **dict.fromkeys(("m", "male", "1"), "Male"),
    **dict.fromkeys(("f", "female", "2"), "Female"),
}
_GENDER_WORDS = {
    **{gender.casefold(): gender for gender in GENDERS},
    **_SEX_WORDS,
    "nonbinary": "Non-Binary",
    "non binary": "Non-Binary",
    "transmale": "Trans Male",
    "transfemale": "Trans Female",
    "unspecified": "Not Specified",
    "u": "Not Known",
    "unknown": "Not Known",
}
_SELF_DEFINED_WORDS = {
    **{code.casefold(): code for code in ETHNICITY_SELF_DEFINED},
    "w4": "W3",
    "o1": "A4",
    "n1": "NS",
    "n2": "NS",
    "n3": "NS",
    "n4": "NS",
}
_OBSERVED_WORDS = {
    **{code: code for code in ETHNICITY_OBSERVED},
    **{f"ic{code}": code for code in ETHNICITY_OBSERVED},
    "9": "0",
    "ic9": "0",
}

STANDARD_WORDS: Mapping[str, Mapping[str, str]] = {
    "sex": _SEX_WORDS,
    "gender": _GENDER_WORDS,
    "ethnicity_self_defined": _SELF_DEFINED_WORDS,
    "ethnicity_observed": _OBSERVED_WORDS,
}
"""For each coded field: what may be recorded, in lower case, and the standard code for it.

Historic codes are read as their successors (W4 as W3, O1 as A4, N1 to N4 as NS, IC9 as IC0).
"""
