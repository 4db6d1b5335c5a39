"""The line of events of each recorded agreement, read from the rows of all registers.

Nothing of this is stored: a row added or corrected later simply tells another history, and a force
that was unknown is known as soon as the service knows it. So no order of loading matters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concordat.agreements.rules.register.names import Naming, known_as
from concordat.agreements.rules.register.reading import (
    EVERYBODY,
    Happening,
    RegisterDate,
    RegisterWords,
    happenings,
    party_words,
    read_date,
    row_uuid,
)
from concordat.organisations.rules import normal_name

_Company = frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RecordedEvent:
    """One row, understood: who was party to what, what happened, and when as far as is known.

    `named` holds each party as it is written, with the code of the body, "" where the service knows
    none of that name. `everybody` is true where the register says “all forces”: then it is empty.
    """

    id: UUID
    source_file: str
    words: RegisterWords
    naming: Naming
    named: tuple[tuple[str, str], ...]
    everybody: bool
    lead: str
    date: RegisterDate
    happenings: tuple[Happening, ...]

    @property
    def parties(self) -> _Company:
        """The codes of the parties that the service knows."""
        return frozenset(code for _, code in self.named if code)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The parties that the service doesn’t know, in words."""
        return tuple(sorted(name for name, code in self.named if not code))

    @property
    def company(self) -> _Company:
        """The parties, known and unknown, to compare with those of another row."""
        return self.parties | {f"“{name}”" for name in self.unknown}


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """An event in a history, and who was party from then on that was not before, and the reverse.

    `joined` and `left` hold codes, or words of unknown bodies in quotation marks.
    """

    event: RecordedEvent
    joined: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordedAgreement:
    """What registers tell of one collaboration. It never grants anything.

    `id` is that of its first event. Parties, title and lead are those of the last one.
    `follows` and `followed_by` name other recorded agreements on the same thing that were taken
    into a larger one, and that larger one.
    """

    id: UUID
    naming: Naming
    title: str
    lines: tuple[HistoryLine, ...]
    parties: _Company
    unknown: tuple[str, ...]
    everybody: bool
    lead: str
    ended: bool
    follows: tuple[UUID, ...] = ()
    followed_by: tuple[UUID, ...] = ()


def understood(
    words: RegisterWords, *, source_file: str, bodies: Mapping[str, str]
) -> RecordedEvent:
    """Return a row as an event. `bodies` gives the code of a body by `normal_name` of its names."""
    everybody = words.parties.lower() == EVERYBODY
    named = [] if everybody else party_words(words.parties)
    return RecordedEvent(
        id=row_uuid(source_file, words.row_id),
        source_file=source_file,
        words=words,
        naming=known_as(words.function),
        named=tuple((name, bodies.get(normal_name(name), "")) for name in named),
        everybody=everybody,
        lead=bodies.get(normal_name(words.lead), ""),
        date=read_date(words.date, words.precision),
        happenings=happenings(words.event),
    )


def histories(events: Iterable[RecordedEvent]) -> tuple[RecordedAgreement, ...]:
    """Return every recorded agreement with its line of events, by title and parties.

    Rows tell of one agreement when they name the same collaboration and the same parties, or when
    one’s parties are some of the other’s, as a unit of two forces that a third joins. Where several
    smaller agreements went into one larger, each keeps its own history and names the larger.
    """
    by_collaboration: dict[str, list[RecordedEvent]] = defaultdict(list)
    for event in events:
        by_collaboration[event.naming.collaboration].append(event)
    found: list[RecordedAgreement] = []
    for of_one in by_collaboration.values():
        found += _agreements(of_one)
    return tuple(sorted(found, key=lambda one: (one.title.lower(), sorted(one.parties), one.id)))


def entry_with(found: Sequence[RecordedAgreement], row: UUID) -> RecordedAgreement | None:
    """Return the recorded agreement that any of its rows’ ids names, or None."""
    for one in found:
        if any(line.event.id == row for line in one.lines):
            return one
    return None


def _agreements(events: Sequence[RecordedEvent]) -> list[RecordedAgreement]:
    companies = sorted({event.company for event in events}, key=lambda c: (len(c), sorted(c)))
    grown_from = {company: _next_smaller(company, companies) for company in companies}
    grown_into = Counter(smaller for found in grown_from.values() for smaller in found)
    chain: dict[_Company, _Company] = {}
    for company in companies:
        smaller = grown_from[company]
        one_to_one = len(smaller) == 1 and grown_into[smaller[0]] == 1
        chain[company] = chain[smaller[0]] if one_to_one else company
    groups: dict[_Company, list[RecordedEvent]] = defaultdict(list)
    for event in events:
        groups[chain[event.company]].append(event)
    ids = {start: _in_order(group)[0].id for start, group in groups.items()}
    links = {
        (ids[chain[smaller]], ids[chain[company]])
        for company in companies
        for smaller in grown_from[company]
        if chain[smaller] != chain[company]
        and _can_follow(groups[chain[company]], groups[chain[smaller]])
    }
    return [_agreement(group, links) for group in groups.values()]


def _next_smaller(company: _Company, companies: Iterable[_Company]) -> list[_Company]:
    """Return the largest companies that lie wholly in this one, but for the empty: all forces."""
    inside = [other for other in companies if other and other < company]
    return [other for other in inside if not any(other < larger for larger in inside)]


def _can_follow(after: Iterable[RecordedEvent], before: Iterable[RecordedEvent]) -> bool:
    """Whether the last of `after` may have happened when or after the first of `before` did."""
    last = max((e.date.first for e in after if e.date.first), default=date.max)
    return last >= min((e.date.first for e in before if e.date.first), default=date.min)


def _agreement(
    events: Iterable[RecordedEvent], links: Iterable[tuple[UUID, UUID]]
) -> RecordedAgreement:
    ordered = _in_order(events)
    last = ordered[-1]
    own = ordered[0].id
    return RecordedAgreement(
        id=own,
        naming=last.naming,
        title=last.words.function,
        lines=tuple(_lines(ordered)),
        parties=last.parties,
        unknown=last.unknown,
        everybody=last.everybody,
        lead=next((event.lead for event in reversed(ordered) if event.lead), ""),
        ended=Happening.TERMINATED in last.happenings,
        follows=tuple(sorted(before for before, after in links if after == own)),
        followed_by=tuple(sorted(after for before, after in links if before == own)),
    )


def _in_order(events: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """Sort by date. What began on an unknown day comes first, what else is undated last."""

    def order(event: RecordedEvent) -> tuple[int, date, int, str, str]:
        extends = "extends" in event.words.note.lower()
        began = Happening.ESTABLISHED in event.happenings and not extends
        rank = 1 if event.date.first else 0 if began else 2
        first = event.date.first or date.min
        return rank, first, len(event.company), event.source_file, event.words.row_id

    return sorted(events, key=order)


def _lines(ordered: Sequence[RecordedEvent]) -> Iterable[HistoryLine]:
    before: _Company | None = None
    for event in ordered:
        company = event.company
        if before is None:
            said = event.words.event.lower()
            joined = {
                code for name, code in event.named if code and f"{name.lower()} added" in said
            }
            left: set[str] = set()
        else:
            joined, left = set(company - before), set(before - company)
        yield HistoryLine(event=event, joined=tuple(sorted(joined)), left=tuple(sorted(left)))
        before = company
