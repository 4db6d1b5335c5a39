"""Tables of agreements: their versions, who signs them, their costs, and the register."""

from concordat.agreements.models.agreement import Agreement, Party, SharingClause
from concordat.agreements.models.register import RegisterProblem, RegisterRow
from concordat.agreements.models.signing import LifeStep, Notice, Redaction, Signatory
from concordat.agreements.models.statement import Statement

__all__ = [
    "Agreement",
    "LifeStep",
    "Notice",
    "Party",
    "Redaction",
    "RegisterProblem",
    "RegisterRow",
    "SharingClause",
    "Signatory",
    "Statement",
]
