"""Drafting, signing and ending agreements; the grants follow in the same transaction."""

from concordat.agreements.actions.costs import issue_statement
from concordat.agreements.actions.drafting import (
    draft_agreement,
    drop,
    renew,
    reopen,
    save_draft,
    vary,
)
from concordat.agreements.actions.ending import (
    end_agreement,
    give_notice,
    leave,
    may_take_out,
    succeed,
)
from concordat.agreements.actions.publishing import check_can_publish, publish_notice
from concordat.agreements.actions.register import RegisterImport, import_register
from concordat.agreements.actions.signing import (
    meet_conditions,
    propose,
    recommend,
    refuse,
    revise,
    sign,
    start_agreement,
)
from concordat.agreements.actions.taking import check_role, may_take

__all__ = [
    "RegisterImport",
    "check_can_publish",
    "check_role",
    "draft_agreement",
    "drop",
    "end_agreement",
    "give_notice",
    "import_register",
    "issue_statement",
    "leave",
    "may_take",
    "may_take_out",
    "meet_conditions",
    "propose",
    "publish_notice",
    "recommend",
    "refuse",
    "renew",
    "reopen",
    "revise",
    "save_draft",
    "sign",
    "start_agreement",
    "succeed",
    "vary",
]
