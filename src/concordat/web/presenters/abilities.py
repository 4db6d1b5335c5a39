"""Where a person of some roles can go, said in words. What they may do there the domain decides."""

from dataclasses import dataclass

from concordat.access.rules import RECORDING_ROLES
from concordat.agreements.rules import RECORD_ROLES
from concordat.base.actor import Actor, Role
from concordat.identity.actions.judging import JUDGES


@dataclass(frozen=True, kw_only=True)
class Section:
    """One entry of the navigation; `pages` are the URL names of the pages below it.

    `roles` are those it is of use to; empty means everybody.
    """

    text: str
    url_name: str
    pages: frozenset[str]
    roles: tuple[Role, ...] = ()


SECTIONS = (
    Section(
        text="Search",
        url_name="home",
        pages=frozenset(
            {
                *("results", "event", "place", "person", "thing", "event-edit", "thing-edit"),
                *("person-edit", "thing-custody", "link-add", "link-end", "warning-add"),
                *("warning-end", "watch-start", "event-disclose", "event-transfer"),
            }
        ),
    ),
    Section(
        text="Work",
        url_name="work",
        pages=frozenset({"event-review", "transfer"}),
        roles=(Role.SUPERVISOR,),
    ),
    Section(
        text="Log",
        url_name="log",
        pages=frozenset({"log-draft", "log-done", "log-hand-over", "log-discard"}),
        roles=RECORDING_ROLES,
    ),
    Section(text="Review", url_name="review", pages=frozenset({"pair"}), roles=JUDGES),
    Section(text="Forces", url_name="forces", pages=frozenset({"force"})),
    Section(
        text="Agreements",
        url_name="agreements",
        pages=frozenset(
            {
                *("agreement", "agreement-version", "agreement-new", "agreements-waiting"),
                *("agreement-edit", "agreement-edit-section", "agreement-sign"),
                *("agreement-refuse", "agreement-publish", "agreement-propose"),
                *("agreement-revise", "agreement-drop", "agreement-reopen"),
                *("agreement-recommend", "agreement-vary", "agreement-renew"),
                *("agreement-notice", "agreement-leave", "agreement-end", "notices", "notice"),
                *("register", "register-gaps", "register-overlaps", "register-reviews"),
                *("register-texts", "register-entry", "agreement-changes", "explain"),
                *("agreement-costs", "statement-new", "statement", "costs"),
            }
        ),
    ),
    Section(
        text="Quality",
        url_name="quality",
        pages=frozenset({"quality-of", "progress"}),
        roles=(Role.DATA_QUALITY,),
    ),
    Section(text="Loads", url_name="loads", pages=frozenset({"load"}), roles=(Role.DATA_QUALITY,)),
    Section(
        text="Who looked", url_name="journal", pages=frozenset({"looked"}), roles=(Role.AUDITOR,)
    ),
    Section(text="Standards", url_name="standards", pages=frozenset(), roles=(Role.ADMINISTRATOR,)),
)


@dataclass(frozen=True, kw_only=True)
class Ability:
    """One thing that a role does in this service, and the page where it starts, if there is one."""

    text: str
    url_name: str = ""


_ABILITIES: dict[Role, Ability] = {
    Role.INTELLIGENCE: Ability(
        text="Decide whether two records are the same person", url_name="review"
    ),
    Role.FINANCE: Ability(
        text="Compare ways to share a cost, and state what each party of an agreement pays",
        url_name="costs",
    ),
    Role.RESOURCE_MANAGER: Ability(
        text="See which functions forces have agreed to share, and with whom", url_name="agreements"
    ),
    Role.PROGRAMME: Ability(
        text="Draft, propose, vary and end the agreements of your own body", url_name="agreements"
    ),
    Role.DATA_QUALITY: Ability(
        text="Follow what was loaded, and correct the rows that could not be read",
        url_name="loads",
    ),
    Role.AUDITOR: Ability(text="See who looked at which record, and why", url_name="journal"),
    Role.SIGNATORY: Ability(
        text="Sign agreements for your own body, or refuse them", url_name="agreements"
    ),
    Role.ADMINISTRATOR: Ability(
        text="Add people and change their roles, with the command “concordat user” on the server"
    ),
}


def sections(actor: Actor) -> list[Section]:
    """Return the entries of the navigation that are of use to `actor`, home first."""
    return [part for part in SECTIONS if not part.roles or actor.holds(*part.roles)]


def works_with_records(actor: Actor) -> bool:
    """Whether searching can show `actor` anything at all, given the roles they hold."""
    return actor.holds(*RECORD_ROLES)


def abilities(actor: Actor) -> list[Ability]:
    """Return what the actor's roles let them do besides searching, in the order of the roles."""
    return [ability for role, ability in _ABILITIES.items() if actor.holds(role)]
