"""Things in a line that tells what happened: vehicles, weapons, phones, accounts, shops."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.catalogue import choices
from concordat.records.rules.standard_tables import table
from concordat.records.rules.telling_text import Line, alternatives, phrases, word_list, word_set

_COLOURS: Final[Mapping[str, str]] = {
    **{choice.code: choice.code for choice in choices("colours") if choice.code != "other"},
    "gray": "grey",
}
_COLOUR: Final = alternatives("|".join(_COLOURS))
_MAKES: Final = alternatives(word_list("makes"))
_MODELS: Final = alternatives(word_list("models"))
_BODIES: Final = alternatives(
    "|".join(row["words"] for row in table("telling_things") if row["kind"] == "vehicle")
)
_NO_BODY_AFTER: Final = (
    r"(?!\s+(?:park|station|stop|shelter|driver|keys?|door|doors|window|boot|tyres?|lane|wash|dealer"
    r"\w*|boot sale|insurance|crime|theft|radio|hire)\b)(?![\w’'-])"
)
_AFTER_MAKE: Final = rf"(?:\s+(?P<model>{_MODELS}|[A-Za-z0-9][\w-]*))?"
_MADE = re.compile(
    rf"(?<![\w'’-])(?:(?P<colour>{_COLOUR})\s+)?(?P<make>{_MAKES})(?![\w’'-]){_AFTER_MAKE}"
    rf"(?:\s+(?P<body>{_BODIES}){_NO_BODY_AFTER})?(?:,\s*(?:in\s+)?(?P<later>{_COLOUR})(?!\w))?",
    re.IGNORECASE,
)
_BODIED = re.compile(
    rf"(?<![\w'’-])(?:(?P<colour>{_COLOUR})\s+)?(?:(?P<model>{_MODELS})\s+)?"
    rf"(?P<body>{_BODIES}){_NO_BODY_AFTER}",
    re.IGNORECASE,
)
_MODELLED = re.compile(
    rf"(?<![\w'’-])(?P<colour>{_COLOUR})\s+(?P<model>{_MODELS})(?![\w’'-])", re.IGNORECASE
)
_TAKEN = re.compile(
    r"(?<!\w)(?:thefts? of|stole|steals?|stealing|stolen|taking of|took|twoc of|snatched)[\s:]+"
    r"(?:(?:a|an|the|his|her|their|my|one)\s+)?$",
    re.IGNORECASE,
)
_TAKEN_AFTER = re.compile(
    r"^[\s,)]*(?:was |were |has been |have been )?(?:stolen|taken|snatched)(?!\w)", re.IGNORECASE
)
_USED = re.compile(
    r"(?<!\w)(?:in|into|driving|drove|driven|drives|using|used|riding|rode|getaway|aboard)\s+"
    r"(?:(?:a|an|the|his|her|their)\s+)?$",
    re.IGNORECASE,
)
_CLONED = re.compile(r"(?<!\w)(?:clon\w*|false (?:number )?plates?)(?!\w)", re.IGNORECASE)
_RECOVERED = re.compile(r"(?<!\w)(?:recovered|found abandoned)(?!\w)", re.IGNORECASE)
_SEIZED = re.compile(r"(?<!\w)(?:seized|seizure|confiscated)(?!\w)", re.IGNORECASE)
_TO_MARK = re.compile(
    r"[\s,()]*(?:(?:with|bearing|reg|registration|index|vrm|mark|number|no|plates?|partial|part"
    r"|vehicle|car|van|the|on|cloned|false|is)\b[\s.:,()]*)*",
    re.IGNORECASE,
)
_PLATFORM_BEFORE = re.compile(
    rf"(?<!\w)({alternatives(word_list('platforms'))})\W*(?:account|user|handle|name|as)?\W*$",
    re.IGNORECASE,
)
_LOOKED: Final = 60


@dataclass(slots=True)
class NamedThing:
    """A thing of a line: its kind, what is said of it, how it was used, and where it stands."""

    kind: RecordKind
    start: int
    end: int
    fields: dict[str, str] = field(default_factory=dict)
    uses: tuple[str, ...] = ()


def take_vehicles(line: Line, kind: RecordKind | None, ho_class: str) -> list[NamedThing]:
    """Return the vehicles of a line: marks, with what is said beside them, and others described."""
    described: list[NamedThing] = []
    for pattern in (_MADE, _BODIED, _MODELLED):
        for found in list(pattern.finditer(line.rest)):
            one = _described(found, line)
            if one and (_is_vehicle(one, line) or _has_mark_beside(one, line)):
                described.append(one)
                line.blank(one.start, one.end)
    for token in line.found("mark"):
        line.use(token)
        near = next((one for one in described if _beside(one, token.start, token.end, line)), None)
        if near is None:
            near = NamedThing(kind=RecordKind.VEHICLE, start=token.start, end=token.end)
            described.append(near)
        near.fields["mark"] = token.value
        near.start, near.end = min(near.start, token.start), max(near.end, token.end)
        line.blank(near.start, near.end)
    described.sort(key=lambda one: one.start)
    for number, one in enumerate(described):
        one.uses = tuple(_vehicle_uses(one, line, kind, ho_class if number == 0 else ""))
    return described


def _described(found: re.Match[str], line: Line) -> NamedThing | None:
    told = found.groupdict()
    make, model = told.get("make") or "", told.get("model") or ""
    if make and not _is_make(make, model, told, line):
        return None
    end = found.end()
    if make and model and not _is_model(model, line):
        # What follows the make is the next word of the sentence.
        end, model = found.end("make"), ""
        told["body"] = told["later"] = None
    colour = told.get("colour") or told.get("later") or ""
    fields = {
        "make": _shown_make(make),
        "model": model if not model.islower() else model.capitalize(),
        "body": _body(told.get("body") or ""),
        "colour": _COLOURS.get(colour.lower(), ""),
    }
    fields = {code: value for code, value in fields.items() if value}
    return NamedThing(kind=RecordKind.VEHICLE, start=found.start(), end=end, fields=fields)


def _is_make(make: str, model: str, told: Mapping[str, str | None], line: Line) -> bool:
    """Whether a word is a make here: "a seat" and "mini" are no cars by themselves."""
    if make[0].isupper() and line.capitals_tell:
        return True
    sure = make.lower() not in word_set("ambiguous_makes") and not line.capitals_tell
    return sure or bool(told.get("colour")) or model.lower() in word_set("models")


def _is_model(model: str, line: Line) -> bool:
    plain = model.lower()
    if plain in word_set("models"):
        return True
    if plain in word_set("not_names") or phrases(_body_words()).fullmatch(model):
        return False
    return not line.capitals_tell or not model[0].islower()


def _shown_make(make: str) -> str:
    known = {name.lower(): name for name in word_list("makes").split("|")}
    return known.get(" ".join(make.lower().split()), make)


@cache
def _body_words() -> str:
    return "|".join(row["words"] for row in table("telling_things") if row["kind"] == "vehicle")


def _body(said: str) -> str:
    for row in table("telling_things"):
        if said and row["kind"] == "vehicle" and phrases(row["words"]).fullmatch(said):
            return row["value"]
    return ""


def _beside(one: NamedThing, start: int, end: int, line: Line) -> bool:
    """Whether a mark stands right beside the description of a vehicle that has none."""
    if "mark" in one.fields:
        return False
    gap = line.text[one.end : start] if one.end <= start else line.text[end : one.start]
    return _TO_MARK.fullmatch(gap) is not None


def _has_mark_beside(one: NamedThing, line: Line) -> bool:
    return any(_beside(one, token.start, token.end, line) for token in line.found("mark"))


def _is_vehicle(one: NamedThing, line: Line) -> bool:
    """Whether enough is said of a vehicle; "car" by itself only if it was taken or used."""
    if one.fields.keys() - {"body"}:
        return True
    before, after = _around(one, line)
    return any((_TAKEN.search(before), _TAKEN_AFTER.match(after), _USED.search(before)))


def _around(one: NamedThing, line: Line) -> tuple[str, str]:
    return line.text[max(0, one.start - _LOOKED) : one.start], line.text[one.end :][:_LOOKED]


_STOLEN_CLASSES: Final = frozenset({"48", "37.2"})
_DAMAGED_CLASSES: Final = frozenset({"58C"})
_USE_OF_KIND: Final = {
    RecordKind.SIGHTING: "seen",
    RecordKind.SEIZURE: "seized",
    RecordKind.STOP_SEARCH: "searched",
}


def _vehicle_uses(
    one: NamedThing, line: Line, kind: RecordKind | None, ho_class: str
) -> Iterator[str]:
    before, after = _around(one, line)
    was_used = _USED.search(before) is not None
    if (
        _TAKEN.search(before)
        or _TAKEN_AFTER.match(after)
        or (ho_class in _STOLEN_CLASSES and not was_used)
    ):
        yield "stolen"
    elif ho_class in _DAMAGED_CLASSES and not was_used:
        yield "damaged"
    if _CLONED.search(line.text):
        yield "cloned_suspected"
    if _RECOVERED.search(line.text):
        yield "recovered"
    if kind in _USE_OF_KIND:
        yield _USE_OF_KIND[kind]
    elif was_used:
        yield "used"


def take_weapons(line: Line, kind: RecordKind | None) -> list[NamedThing]:
    """Return the weapons of a line, each once."""
    found: dict[str, NamedThing] = {}
    for row in table("telling_things"):
        if row["kind"] != "weapon":
            continue
        for match in list(phrases(row["words"]).finditer(line.rest)):
            one = NamedThing(kind=RecordKind.WEAPON, start=match.start(), end=match.end())
            one.fields = {"weapon_type": row["value"], "description": match[0].lower()}
            one.uses = tuple(_weapon_uses(one, line, kind))
            found.setdefault(match[0].lower(), one)
            line.blank(one.start, one.end)
    return sorted(found.values(), key=lambda one: one.start)


def _weapon_uses(one: NamedThing, line: Line, kind: RecordKind | None) -> Iterator[str]:
    before, after = _around(one, line)
    if _TAKEN.search(before) or _TAKEN_AFTER.match(after):
        yield "stolen"
    elif kind is RecordKind.SEIZURE or _SEIZED.search(line.text):
        yield "seized"
    elif _RECOVERED.search(line.text):
        yield "recovered"
    elif kind is RecordKind.CRIME and "possession" not in line.text.lower():
        yield "used"
    elif kind is not None:
        yield "seen"


def take_contacts(line: Line) -> list[NamedThing]:
    """Return the phones and accounts of a line that are not said to be anybody's."""
    found: list[NamedThing] = []
    for token in line.found("phone", "imei", "email", "handle"):
        one = NamedThing(kind=RecordKind.PHONE, start=token.start, end=token.end)
        if token.what in ("phone", "imei"):
            one.fields = {"number" if token.what == "phone" else "imei": token.value}
        else:
            one.kind = RecordKind.ACCOUNT
            is_email = token.what == "email"
            one.fields = {"account_type": "email" if is_email else "online", "address": token.value}
            platform = _PLATFORM_BEFORE.search(line.text[: token.start])
            if platform and not is_email:
                one.fields["platform"] = platform[1]
        line.use(token)
        found.append(one)
    return found
