"""Pages of one form: what stands around it, and what becomes of a refusal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render

from concordat.agreements.errors import AgreementsError, IncompleteAgreement
from concordat.records.errors import (
    EditConflict,
    NotAllowedToDisclose,
    NotReady,
    RecordsError,
)
from concordat.tracing.errors import TracingError
from concordat.web.requests import SignedInRequest
from concordat.web.views.errors import MISSING, REFUSED


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """What stands around a form. `is_final` marks what can't be undone."""

    title: str
    button: str
    back_href: str
    back_text: str = "Back"
    leave: str = "Leave it as it is"
    caption: str = ""
    intro: Sequence[str] = ()
    is_final: bool = False


def show_form(
    request: SignedInRequest,
    form: Form,
    page: FormPage,
    *,
    template: str = "concordat/form_page.html",
    **more: object,
) -> HttpResponse:
    """Show a form with what stands around it."""
    return render(request, template, {"form": form, "page": page, **more})


def carried_out(form: Form, act: Callable[[], object]) -> bool:
    """Do what a form asks; a refusal that can be mended is told to the form, others are raised."""
    try:
        act()
    except NotAllowedToDisclose as refusal:  # of this report to that body: another may be chosen
        form.add_error(None, str(refusal))
        return False
    except (*MISSING, *REFUSED, EditConflict):
        raise
    except NotReady as refusal:
        for one in refusal.missing:
            form.add_error(None, f"{one.what}: {one.why}")
        return False
    except IncompleteAgreement as refusal:
        for what in refusal.missing:
            form.add_error(None, f"It still needs {what}.")
        return False
    except (RecordsError, TracingError, AgreementsError) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
