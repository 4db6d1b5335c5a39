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
    places,
    results,
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
