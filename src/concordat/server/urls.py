"""Every address of the service, and the pages for what goes wrong."""

from django.urls import URLPattern, path

from concordat.web.views import (
    agreements,
    events,
    forces,
    health,
    home,
    journal,
    loads,
    people,
    places,
    quality,
    results,
    review,
    signing,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("health", health.health, name="health"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("purpose", signing.purpose, name="purpose"),
    path("search", results.results, name="results"),
    path("search/export", results.export, name="export"),
    path("events/<uuid:event_id>", events.event, name="event"),
    path("places/<uuid:place_id>", places.place, name="place"),
    path("person/<uuid:record_id>", people.person, name="person"),
    path(
        "judgements/<uuid:judgement_id>/retire",
        people.retire_judgement,
        name="judgement-retire",
    ),
    path("review", review.review, name="review"),
    path("review/<uuid:one>/<uuid:other>", review.pair, name="pair"),
    path("quality", quality.quality, name="quality"),
    path("quality/<slug:code>", quality.quality_of, name="quality-of"),
    path("identity/progress", quality.resolving, name="progress"),
    path("forces", forces.forces, name="forces"),
    path("forces/<slug:code>", forces.force, name="force"),
    path("agreements", agreements.agreements, name="agreements"),
    # A reference may hold a slash, as in 22A/2010/1.
    path("agreements/<path:reference>/end", agreements.end, name="agreement-end"),
    path("agreements/<path:reference>", agreements.agreement, name="agreement"),
    path("loads", loads.loads, name="loads"),
    path("loads/<uuid:load_id>", loads.load, name="load"),
    path("loads/<uuid:load_id>/quarantine", loads.quarantine, name="quarantine"),
    path("journal", journal.journal, name="journal"),
    path("records/<uuid:record_id>/looked", journal.looked, name="looked"),
]

handler400 = "concordat.web.views.errors.bad_request"
handler403 = "concordat.web.views.errors.forbidden"
handler404 = "concordat.web.views.errors.not_found"
handler500 = "concordat.web.views.errors.server_error"
