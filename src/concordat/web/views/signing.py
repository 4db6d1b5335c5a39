"""Signing in and out, and changing the purpose."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from concordat.base.actor import Actor, Purpose
from concordat.organisations import actions
from concordat.organisations.errors import SignInRefused
from concordat.web import session
from concordat.web.forms.signing import PURPOSE_HINTS, PurposeForm, SignInForm
from concordat.web.requests import SignedInRequest, actor_of_request, local_address, page_left


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name, password and purpose, and go on to the page that was wanted."""
    if request.method != "POST":
        wanted = local_address(request.GET.get("next", ""))
        if actor_of_request(request):
            return redirect(wanted or reverse("home"))
        return _sign_in_page(request, SignInForm(initial={"next": wanted}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form)
    told = form.cleaned_data
    try:
        actor = actions.sign_in(
            Actor.service(),
            username=told["username"],
            password=told["password"],
            purpose=Purpose(told["purpose"]),
            reason=told["reason"],
        )
    except SignInRefused as refusal:
        form.add_error(None, str(refusal))
        return _sign_in_page(request, form)
    session.begin(request, actor)
    return redirect(local_address(told["next"]) or reverse("home"))


@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    """Forget who was signed in."""
    actions.sign_out(request.actor)
    session.end(request)
    messages.success(request, "You have signed out.")
    return redirect("sign-in")


@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: SignedInRequest) -> HttpResponse:
    """Change what the person is here to do."""
    if request.method != "POST":
        initial = {
            "purpose": request.actor.purpose.value,
            "reason": request.actor.reason,
            "next": page_left(request),
        }
        return _purpose_page(request, PurposeForm(initial=initial))
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _purpose_page(request, form)
    told = form.cleaned_data
    changed = actions.choose_purpose(
        request.actor, purpose=Purpose(told["purpose"]), reason=told["reason"]
    )
    session.change(request, changed)
    messages.success(request, f"Your purpose is now: {changed.purpose_label.lower()}.")
    return redirect(local_address(told["next"]) or reverse("home"))


def _sign_in_page(request: HttpRequest, form: SignInForm) -> HttpResponse:
    context = {
        "form": form,
        "purpose_hints": PURPOSE_HINTS,
        "minutes": settings.SESSION_COOKIE_AGE // 60,
    }
    return render(request, "concordat/sign_in.html", context)


def _purpose_page(request: SignedInRequest, form: PurposeForm) -> HttpResponse:
    context = {"form": form, "purpose_hints": PURPOSE_HINTS}
    return render(request, "concordat/purpose.html", context)
