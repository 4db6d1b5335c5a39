"""The register of agreements: who shares what with whom, its gaps, its overlaps, its histories."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concordat.agreements.queries import (
    RegisterPicture,
    recorded_agreement,
    register_picture,
    register_problems,
)
from concordat.agreements.rules.register import Entry
from concordat.base.clock import today
from concordat.organisations.queries import names_by_id
from concordat.records.rules.csv_files import csv_lines
from concordat.web.forms.register import ALL, LIVE, RegisterForm
from concordat.web.presenters import register as presented
from concordat.web.presenters import register_files
from concordat.web.requests import SignedInRequest


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What was asked for, understood, with the answer. `query` asks it again on another page."""

    form: RegisterForm
    picture: RegisterPicture
    names: dict[str, str]
    query: str
    chosen: str
    """The one function asked for, or ""."""


@require_safe
def register(request: SignedInRequest) -> HttpResponse:
    """Show the matrix of functions and bodies; with one function chosen, its texts below."""
    asked = _asked(request)
    rows = asked.picture.rows
    context = {
        **_frame(request, asked),
        "headline": presented.headline(asked.picture, chosen=asked.chosen),
        "groups": presented.groups(rows),
        "marks": presented.key_of_marks(rows),
        "chosen": asked.chosen,
    }
    return render(request, "concordat/register.html", context)


@require_safe
def gaps(request: SignedInRequest) -> HttpResponse:
    """Show what neighbours share and the body asked about doesn’t."""
    asked = _asked(request)
    context = {
        **_frame(request, asked),
        "gaps": presented.gap_lines(asked.picture.gaps, asked.names),
    }
    return render(request, "concordat/register_gaps.html", context)


@require_safe
def overlaps(request: SignedInRequest) -> HttpResponse:
    """Show where the same bodies stand under several texts."""
    asked = _asked(request)
    context = {
        **_frame(request, asked),
        "overlaps": presented.overlaps(asked.picture, asked.names),
    }
    return render(request, "concordat/register_overlaps.html", context)


@require_safe
def reviews(request: SignedInRequest) -> HttpResponse:
    """List the agreements in force and coming by the day of their review."""
    asked = _asked(request)
    context = {
        **_frame(request, asked),
        "reviews": [
            (entry, *presented.review_state(entry, today=today()))
            for entry in presented.by_review(_own(asked.picture))
        ],
    }
    return render(request, "concordat/register_reviews.html", context)


@require_safe
def texts(request: SignedInRequest) -> HttpResponse:
    """List every text of the register, and the rows of sources that couldn’t be read."""
    asked = _asked(request)
    context = {
        **_frame(request, asked),
        "entries": _own(asked.picture),
        "problems": register_problems(request.actor),
    }
    return render(request, "concordat/register_texts.html", context)


@require_safe
def recorded(request: SignedInRequest, row_id: UUID) -> HttpResponse:
    """Show one recorded agreement with its line of events. It grants nothing."""
    found, near = recorded_agreement(request.actor, row_id=row_id)
    names = {body.code: body.short_name for body in names_by_id().values()}
    context = {
        "found": found,
        "standing": presented.standing(found),
        "rows": presented.recorded_rows(found, names),
        "events": presented.happened(found.lines, names),
        "smaller": [one for one in near if one.id in found.follows],
        "larger": [one for one in near if one.id in found.followed_by],
    }
    return render(request, "concordat/register_entry.html", context)


@require_safe
def file(request: SignedInRequest, part: str) -> HttpResponse:
    """Give the matrix, the gaps or all texts as CSV. A spreadsheet runs nothing in it."""
    asked = _asked(request)
    origin = f"{request.scheme}://{request.get_host()}"
    if part == "matrix":
        cells = register_files.matrix_cells(asked.picture)
    elif part == "gaps":
        cells = register_files.gap_cells(asked.picture.gaps, asked.names)
    elif part == "texts":
        cells = register_files.text_cells(_own(asked.picture), asked.names, origin=origin)
    else:
        raise Http404
    name = f"concordat-register-{part}-{today().isoformat()}.csv"
    return HttpResponse(
        "".join(csv_lines(cells)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: SignedInRequest) -> _Asked:
    """Read what is asked for; the reader’s own body where nothing is."""
    bodies = names_by_id()
    own = bodies.get(request.actor.organisation_id)
    given = {"body": own.code if own else ALL, **request.GET.dict()}
    picture = register_picture(
        request.actor,
        about="" if given["body"] == ALL else given["body"],
        function=given.get("function", ""),
        with_recorded=given.get("texts") != LIVE,
    )
    form = RegisterForm(given)
    form.offer(dict.fromkeys([*picture.choices, *([own] if own else [])]), picture.other_names)
    chosen = form.cleaned_data if form.is_valid() else {}
    return _Asked(
        form=form,
        picture=picture,
        names={body.code: body.short_name for body in bodies.values()},
        query=urlencode({name: value for name, value in chosen.items() if value}),
        chosen=chosen.get("function", ""),
    )


def _frame(request: SignedInRequest, asked: _Asked) -> dict[str, object]:
    """Return what every page of the register shows: its parts with their counts, and the form."""
    picture = asked.picture
    return {
        "form": asked.form,
        "picture": picture,
        "names": asked.names,
        "query": asked.query,
        "presented": presented,
        "parts": [
            ("register", "Who shares what", None),
            ("register-gaps", "Gaps", len(picture.gaps)),
            (
                "register-overlaps",
                "Overlaps",
                len(picture.same_function) + len(picture.same_bodies),
            ),
            ("register-reviews", "Review dates", len(presented.by_review(_own(picture)))),
            ("register-texts", "Every text", len(_own(picture))),
        ],
        "here": request.resolver_match.url_name if request.resolver_match else "",
        "is_empty": picture.nothing,
    }


def _own(picture: RegisterPicture) -> list[Entry]:
    """Return the texts of the body asked about; those of all without one."""
    about = picture.about
    return [e for e in picture.entries if about is None or about.code in e.bodies]
