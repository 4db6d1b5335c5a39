"""Stories worth following through the sample world, told by its officers as they would log them.

Each story is a file beside this one. It is made of steps, told one after another; `do` says what is
done, `by` who does it (a username of the demo) and `purpose` what for.

`as` names what a step makes, so that later steps can say `is`; `find` is what the officer types to
find what the register holds already, and the likeliest candidate is picked (with `owner`, the
likeliest of that force). Everything else in a person, thing or place is a field of the catalogue. A
value such as "@12" is the day twelve days ago, "@-30" the one in thirty days.
"""

from typing import Final

from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.base.outbox import deliver
from concordat.records.queries import transfers
from concordat.server.demo.stories.reading import read_story
from concordat.server.demo.stories.telling import Teller, officer
from concordat.server.tasks import HANDLERS

ORDER: Final = ("burglar", "family", "car", "pistol", "victim", "child", "desk")
"""Later stories speak of people and things of earlier ones."""

_SECONDS: Final = 600

__all__ = ["ORDER", "tell_stories"]


def tell_stories(service: Actor) -> None:
    """Tell all stories, all of them or none; do nothing where they have been told.

    The demo's staff and persons must be there. What follows from a story (who is who, who is told
    of it) has happened when this returns. Raises StoryBroken for a story that doesn't hold.
    """
    if transfers(officer("kent.supervisor")):
        return
    teller = Teller(until=today())
    with acting(service, seconds=_SECONDS):
        for name in ORDER:
            for step in read_story(name):
                teller.tell(step)
    deliver(HANDLERS)
