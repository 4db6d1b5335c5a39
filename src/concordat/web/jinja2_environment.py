"""The template environment: our templates, the design system's macros, filters and globals.

Named in `settings.TEMPLATES` as the `environment` of Django's Jinja2 backend.
"""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, cast

from django.forms import BoundField, SelectDateWidget
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    Undefined,
)

from concordat.web import formatting

FILTERS: dict[str, Callable[..., str]] = {
    "date": formatting.format_date,
    "datetime": formatting.format_datetime,
    "money": formatting.format_money,
    "month": formatting.format_month,
    "number": formatting.format_number,
    "plural": formatting.plural,
}

# Attributes that the design system's macros set themselves or advise against: a `maxlength` would
# cut pasted text without a word, whereas the form says what is too long and keeps it.
OWN_ATTRIBUTES = frozenset(
    {"id", "name", "class", "rows", "cols", "type", "maxlength", "minlength"}
)


class LibraryLoader(PackageLoader):
    """Load the design system's macros under their own, lenient rule for missing values.

    They read optional parameters by asking for what may not be there. Our own templates stay
    under `StrictUndefined`, where a misspelt name is an error and not an empty space.
    """

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self._lenient: Environment | None = None

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 -- Jinja's name
    ) -> Template:
        """Load a template of the library in the lenient twin of the environment."""
        if self._lenient is None:
            self._lenient = environment.overlay(
                undefined=Undefined, trim_blocks=False, lstrip_blocks=False
            )
        return super().load(self._lenient, name, globals)


def environment(**options: Any) -> Environment:  # noqa: ANN401 -- whatever Django's backend passes
    """Return the environment for Django's Jinja2 backend, whose options it takes."""
    given: BaseLoader | None = options.pop("loader", None)  # of the folders in settings, if any
    own: BaseLoader = PackageLoader("concordat.web")
    library = PrefixLoader({"govuk_frontend_jinja": LibraryLoader("govuk_frontend_jinja")})
    settings: dict[str, Any] = options | {
        "loader": ChoiceLoader([*filter(None, [given]), own, library]),
        "autoescape": True,
        "undefined": StrictUndefined,
        "extensions": ["jinja2.ext.do"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**settings)  # noqa: S701 -- autoescape is on, just above
    made.globals.update(GLOBALS)
    made.filters.update(FILTERS)
    return made


def url(
    name: str,
    /,
    *arguments: object,
    query: Mapping[str, object] | None = None,
    **keywords: object,
) -> str:
    """Return the address of a named page, with a query string if one is given."""
    return reverse(name, args=arguments or None, kwargs=keywords or None, query=query)


def widget_attributes(
    bound_field: BoundField, extra: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the HTML attributes of a form field as the design system's macros take them.

    A true value becomes an attribute without value, a false or missing one is left out; `extra`
    is added to the widget's own and wins over it.
    """
    merged = dict(bound_field.field.widget.attrs) | dict(extra or {})
    return {
        name: {"value": True, "optional": True} if value is True else value
        for name, value in merged.items()
        if name not in OWN_ATTRIBUTES and value is not None and value is not False
    }


def field_options(
    bound_field: BoundField,
    hints: Mapping[str, str] | None = None,
    conditional: Mapping[str, str] | None = None,
) -> list[dict[str, object]]:
    """Return the choices of a field as items of the radios, checkboxes and select macros.

    `hints` and `conditional` give, by value, a line under a choice and the markup it reveals.
    """
    items: list[dict[str, object]] = []
    for option in bound_field.subwidgets:
        value = "" if option.data["value"] is None else str(option.data["value"])
        item: dict[str, object] = {
            "value": value,
            "text": option.data["label"],
            "checked": option.data["selected"],
            "selected": option.data["selected"],
            "disabled": bound_field.field.disabled or "disabled" in option.data["attrs"],
        }
        if hints and value in hints:
            item["hint"] = {"text": hints[value]}
        if conditional and value in conditional:
            item["conditional"] = {"html": conditional[value]}
        items.append(item)
    return items


def date_parts(bound_field: BoundField) -> list[dict[str, object]]:
    """Return day, month and year of a `SelectDateWidget` as items of the date input macro.

    What was typed comes back as it was typed, even where it is no date.
    """
    widget = cast("SelectDateWidget", bound_field.field.widget)
    known = widget.format_value(bound_field.value())
    parts = (
        ("day", widget.day_field, 2),
        ("month", widget.month_field, 2),
        ("year", widget.year_field, 4),
    )
    items: list[dict[str, object]] = []
    for part, pattern, width in parts:
        name = pattern % bound_field.html_name
        typed = bound_field.form.data.get(name) if bound_field.form.is_bound else None
        items.append(
            {
                "name": name,
                "id": f"{bound_field.auto_id or bound_field.html_name}_{part}",
                "label": part.capitalize(),
                "classes": f"govuk-input--width-{width}"
                + (" govuk-input--error" if bound_field.errors else ""),
                "value": known[part] or "" if typed is None else typed,
            }
        )
    return items


GLOBALS: dict[str, Callable[..., object]] = {
    "date_parts": date_parts,
    "field_options": field_options,
    "static": static,
    "url": url,
    "widget_attributes": widget_attributes,
}
