"""Writing identity: what was observed, what people and the machine judge, and whole runs."""

from concordat.identity.actions.engine_models import use_model
from concordat.identity.actions.judging import can_judge, check_can_judge, judge, retire
from concordat.identity.actions.keying import rekey
from concordat.identity.actions.observing import observe
from concordat.identity.actions.resolving import Resolved, resolve_pending, settle_clusters
from concordat.identity.actions.runs import Progress, Rebuilt, ResolvedAll, rebuild, resolve_all

__all__ = [
    "Progress",
    "Rebuilt",
    "Resolved",
    "ResolvedAll",
    "can_judge",
    "check_can_judge",
    "judge",
    "observe",
    "rebuild",
    "rekey",
    "resolve_all",
    "resolve_pending",
    "retire",
    "settle_clusters",
    "use_model",
]
