"""Writing records."""

from concordat.records.actions.load_files import load_stop_search, load_street
from concordat.records.actions.persons import Step, StepProgress, load_persons
from concordat.records.actions.running import FileReport, LoadReport, Progress

__all__ = [
    "FileReport",
    "LoadReport",
    "Progress",
    "Step",
    "StepProgress",
    "load_persons",
    "load_stop_search",
    "load_street",
]
