"""What `records` hands over of a person record."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Observed:
    """The facets of one version of one record: by the name of a `Meaning`, what was recorded.

    A record with several names, addresses or phones has several facets; one without any is
    withdrawn from matching.
    """

    record_id: UUID
    owner_id: int
    version: int
    facets: tuple[Mapping[str, str], ...]
