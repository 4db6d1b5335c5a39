"""Writing records."""

from concordat.records.actions.amending import Amended, amend_event, amend_item, amend_person
from concordat.records.actions.custody import move_item
from concordat.records.actions.disclosing import (
    acknowledge_recall,
    can_disclose,
    check_can_disclose,
    disclose,
    disclose_onward,
    recall,
)
from concordat.records.actions.drafts import (
    discard_draft,
    hand_over,
    save_draft,
    start_draft,
    submit,
)
from concordat.records.actions.linking import add_link, add_warning, end_link, end_warning
from concordat.records.actions.load_files import load_stop_search, load_street
from concordat.records.actions.logging import Logged, log_event
from concordat.records.actions.persons import Step, StepProgress, load_persons
from concordat.records.actions.printing import Printed, print_event
from concordat.records.actions.recording import (
    LOGGED,
    can_amend,
    can_record,
    check_can_amend,
    check_can_record,
)
from concordat.records.actions.running import FileReport, LoadReport, Progress
from concordat.records.actions.supervising import (
    allocate,
    approve,
    can_review,
    check_can_review,
    send_back,
)
from concordat.records.actions.transferring import (
    accept_transfer,
    can_answer_transfer,
    check_can_answer_transfer,
    decline_transfer,
    offer_transfer,
)

__all__ = [
    "LOGGED",
    "Amended",
    "FileReport",
    "LoadReport",
    "Logged",
    "Printed",
    "Progress",
    "Step",
    "StepProgress",
    "accept_transfer",
    "acknowledge_recall",
    "add_link",
    "add_warning",
    "allocate",
    "amend_event",
    "amend_item",
    "amend_person",
    "approve",
    "can_amend",
    "can_answer_transfer",
    "can_disclose",
    "can_record",
    "can_review",
    "check_can_amend",
    "check_can_answer_transfer",
    "check_can_disclose",
    "check_can_record",
    "check_can_review",
    "decline_transfer",
    "discard_draft",
    "disclose",
    "disclose_onward",
    "end_link",
    "end_warning",
    "hand_over",
    "load_persons",
    "load_stop_search",
    "load_street",
    "log_event",
    "move_item",
    "offer_transfer",
    "print_event",
    "recall",
    "save_draft",
    "send_back",
    "start_draft",
    "submit",
]
