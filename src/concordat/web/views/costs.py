"""Who pays what: comparing ways to share a cost, and the statements of an agreement."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from concordat.agreements import actions, queries
from concordat.agreements.errors import CannotShare, NotAllowedWithCosts
from concordat.agreements.queries import Comparison, StatementDetail
from concordat.agreements.rules.costs import EVERY
from concordat.agreements.rules.statements import StatementKind, StatementText
from concordat.web.forms.costs import OF_PARTY, StatementForm, WhatIfForm, weights_told
from concordat.web.pdf import make_pdf
from concordat.web.presenters import costs as presented
from concordat.web.presenters import statements as stated
from concordat.web.requests import SignedInRequest
from concordat.web.xlsx import CONTENT_TYPE, make_xlsx

_START = ("population", "officers", "budget", "equal")


@require_safe
def what_if(request: SignedInRequest) -> HttpResponse:
    """Ask for a sum and who shares it, and show what each would pay, get, and pay alone.

    Nothing is kept: the address holds all that was asked, so it can be sent to a colleague.
    """
    sharers = queries.sharers(request.actor)
    form = WhatIfForm(
        request.GET if "total" in request.GET else None,
        sharers=sharers,
        initial={
            "bodies": [one.body.code for one in sharers if one.has_figures],
            "formulas": _START,
        },
    )
    comparison = None
    if form.is_bound and form.is_valid():
        try:
            comparison = _compared(request, form)
        except CannotShare as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "chosen": form.chosen(), "of_party": OF_PARTY}
    context |= _comparison_context(request, comparison)
    return render(request, "concordat/costs.html", context)


def _compared(request: SignedInRequest, form: WhatIfForm) -> Comparison:
    data = form.cleaned_data
    return queries.compare_costs(
        request.actor,
        total=data["total"],
        parties=[body.code for body in form.chosen()],
        formulas=form.asked,
        year=data["year"],
        weights=weights_told(form),
        fixed_percent=data["fixed"],
        caps={EVERY: data["cap"]} if data["cap"] else {},
        collars={EVERY: data["collar"]} if data["collar"] else {},
        alone=form.amounts("alone"),
        gets=form.amounts("gets"),
        savings=form.savings,
    )


def _comparison_context(
    request: SignedInRequest, comparison: Comparison | None
) -> dict[str, object]:
    """Return the comparison for the page: all options, and one of them looked at closely."""
    if comparison is None:
        return {"comparison": None}
    worked = [option for option in comparison.options if option.calculation]
    asked = request.GET.get("show", "")
    at = min(int(asked) if asked.isdecimal() else 0, max(len(worked) - 1, 0))
    query = request.GET.copy()
    looks = []
    for number, option in enumerate(worked):
        query["show"] = str(number)
        looks.append({"text": option.name, "href": f"?{query.urlencode()}#closer",
                      "current": number == at})  # fmt: skip
    closer = worked[at] if worked else None
    names = {body.code: body.name for body in comparison.bodies}
    return {
        "comparison": comparison,
        "table": presented.compared(comparison) if worked else None,
        "refused": presented.refused(comparison),
        "looks": looks,
        "closer": closer,
        "outcomes": presented.outcomes(comparison, closer) if closer else None,
        "worse_off": presented.worse_off(comparison, closer) if closer else [],
        "bars": presented.bars(comparison, closer) if closer else [],
        "steps": presented.steps(closer.calculation, names)
        if closer and closer.calculation
        else [],
    }


@require_safe
def of_agreement(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show who pays what under an agreement, and the statements issued under it."""
    found = queries.agreement(request.actor, reference=reference)
    lines = queries.cost_lines(request.actor, reference=found.reference)
    try:
        issued = queries.statements(request.actor, reference=found.reference)
        hidden = "" if found.involves(request.actor.organisation_id) or issued else (
            "Statements are shown to the parties and their policing bodies."
        )  # fmt: skip
    except NotAllowedWithCosts as refusal:
        issued, hidden = (), str(refusal)
    context = {
        "agreement": found,
        "lines": [(line, presented.parts(line)) for line in lines],
        "issued": presented.issued_rows(issued, lambda id_: reverse("statement", args=[id_])),
        "hidden": hidden,
        "may_issue": queries.can_issue_statement(request.actor, detail=found),
    }
    return render(request, "concordat/costs_agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: SignedInRequest, reference: str, line: int, kind: str) -> HttpResponse:
    """Ask for the figures of a year, show what follows, and then issue the statement."""
    wanted = _kind(kind)
    found = queries.agreement(request.actor, reference=reference)
    queries.check_can_issue_statement(request.actor, detail=found)
    cost, needed = queries.statement_inputs(
        request.actor, reference=found.reference, line=line, kind=wanted
    )
    form = StatementForm(
        request.POST if request.method == "POST" else None, line=cost, needed=needed, kind=wanted
    )
    preview = None
    if form.is_bound and form.is_valid():
        figures, name = form.figures(), found.reference
        try:
            if "issue" in request.POST:
                issued = actions.issue_statement(
                    request.actor, reference=name, line=line, figures=figures
                )
                messages.success(request, f"Statement {issued.number} is issued.")
                return redirect("statement", issued.id)
            preview = queries.preview_statement(
                request.actor, reference=name, line=line, figures=figures
            )
        except CannotShare as refusal:
            form.add_error(None, str(refusal))
    context = {"agreement": found, "line": cost, "kind": wanted, "form": form}
    return render(request, "concordat/costs_state.html", context | _shown(preview))


def _kind(word: str) -> StatementKind:
    try:
        return StatementKind(word.replace("-", "_"))
    except ValueError:
        raise Http404 from None


@require_safe
def statement(request: SignedInRequest, statement_id: UUID) -> HttpResponse:
    """Show a statement: who pays what, and how it was worked out."""
    found = queries.statement(request.actor, statement_id=statement_id)
    context = {
        "statement": found,
        "heading": stated.heading(found.text),
        "issued": stated.issued(found),
        "rows": stated.summary_rows(found.text),
    }
    return render(request, "concordat/costs_statement.html", context | _shown(found.text))


@require_safe
def pdf(request: SignedInRequest, statement_id: UUID) -> HttpResponse:
    """Give a statement as a PDF."""
    found = queries.statement(request.actor, statement_id=statement_id)
    return _file(found, make_pdf(stated.sheet(found)), "application/pdf", "pdf")


@require_safe
def xlsx(request: SignedInRequest, statement_id: UUID) -> HttpResponse:
    """Give a statement as a spreadsheet."""
    found = queries.statement(request.actor, statement_id=statement_id)
    content = make_xlsx(
        stated.tabs(found), title=stated.heading(found.text), author=found.organisation.name
    )
    return _file(found, content, CONTENT_TYPE, "xlsx")


def _file(found: StatementDetail, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = "".join(char if char.isalnum() else "-" for char in found.text.reference)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-statement-{found.number}.{ending}"'
    )
    return response


def _shown(text: StatementText | None) -> dict[str, object]:
    """Return what a statement says for a page; nothing before there is one."""
    if text is None:
        return {"text": None}
    return {
        "text": text,
        "table": stated.shares_table(text),
        "steps": presented.steps(text.calculation, text.names),
    }
