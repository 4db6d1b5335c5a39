"""Who is who: standardise, block, compare, weigh, cluster, explain. A library by itself."""

from concordat.identity.engine.blocking import Blocks
from concordat.identity.engine.clustering import cluster
from concordat.identity.engine.default import default_model
from concordat.identity.engine.explaining import Explanation, Part, explain
from concordat.identity.engine.linking import (
    DEFAULT_THRESHOLD,
    REVIEW_THRESHOLD,
    Linkage,
    bits_of,
    link,
    probability,
)
from concordat.identity.engine.meanings import Columns, Field, Meaning
from concordat.identity.engine.model import Model, UnusableModel
from concordat.identity.engine.people import People
from concordat.identity.engine.rehearsal import warm
from concordat.identity.engine.searching import (
    Features,
    Found,
    Index,
    Scorer,
    features_of,
    keys_of,
    keys_of_people,
)
from concordat.identity.engine.training import train

__all__ = [
    "DEFAULT_THRESHOLD",
    "REVIEW_THRESHOLD",
    "Blocks",
    "Columns",
    "Explanation",
    "Features",
    "Field",
    "Found",
    "Index",
    "Linkage",
    "Meaning",
    "Model",
    "Part",
    "People",
    "Scorer",
    "UnusableModel",
    "bits_of",
    "cluster",
    "default_model",
    "explain",
    "features_of",
    "keys_of",
    "keys_of_people",
    "link",
    "probability",
    "train",
    "warm",
]
