"""How a bound field of a Django form becomes label, hint, error and control: the macro `field` draws what this finds."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString


@dataclass(frozen=True, kw_only=True)
class Option:
    """One radio or box of a group. `hint` comes from `choice_hints` of the form's field: {value: a line of help}."""

    html: SafeString
    label: str
    hint: str
    hint_id: str


@dataclass(frozen=True, kw_only=True)
class Control:
    """One field, ready to be drawn.

    kind      one (a single control), choices (radios or boxes), tick (one box), parts (a day in three)
    focus_id  where a link of the error summary leads: always something that can hold the focus
    """

    kind: str
    id: str
    focus_id: str
    label: str
    hint: str
    errors: list[str]
    optional: bool
    html: SafeString
    options: list[Option]
    describedby: str

    @property
    def hint_id(self) -> str:
        return f"{self.id}-h"

    @property
    def error_id(self) -> str:
        return f"{self.id}-e"


def control(bound: BoundField, hint: str | None = None, width: str | None = None, key: str | None = None) -> Control:
    """`hint` replaces the help text of the form; `width` is w2, w4, w12 or w24: how much is expected to be typed."""
    widget = bound.field.widget
    name = bound.auto_id or bound.html_name
    words = str(bound.help_text if hint is None else hint)
    described = " ".join(part for part in (f"{name}-h" if words else "", f"{name}-e" if bound.errors else "") if part)
    kind = _kind(widget)
    options = _options(bound) if kind == "choices" else []
    html = SafeString()
    if kind != "choices":
        attrs: dict[str, str | bool] = {}
        if style := " ".join(filter(None, [_style(widget), width, widget.attrs.get("class")])):
            attrs["class"] = style
        if described:
            attrs["aria-describedby"] = described
        if bound.errors:
            attrs["aria-invalid"] = "true"
        if key:
            attrs["data-key"] = key
        html = bound.as_widget(attrs=attrs)
    return Control(
        kind=kind,
        id=name,
        focus_id=focus_id(bound),
        label=str(bound.label or ""),
        hint=words,
        errors=[str(error) for error in bound.errors],
        optional=not bound.field.required,
        html=html,
        options=options,
        describedby=described,
    )


def focus_id(bound: BoundField) -> str:
    """Where the error summary sends the reader for this field; empty for a hidden one."""
    if bound.is_hidden:
        return ""
    name = bound.auto_id or bound.html_name
    return f"{name}_0" if _kind(bound.field.widget) in {"choices", "parts"} else bound.id_for_label or name


def _options(bound: BoundField) -> list[Option]:
    hints: dict[str, str] = getattr(bound.field, "choice_hints", {})
    options = []
    for place, part in enumerate(bound.subwidgets):
        hint = str(hints.get(str(part.data["value"]), ""))
        hint_id = f"{bound.auto_id or bound.html_name}_{place}-h"
        if hint:
            part.data["attrs"]["aria-describedby"] = hint_id
        options.append(Option(html=part.tag(), label=str(part.choice_label), hint=hint, hint_id=hint_id))
    return options


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "parts" if widget.use_fieldset else "one"


def _style(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return ""
    if isinstance(widget, forms.Textarea):
        return "area"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.FileInput):
        return "input input--file"
    return "" if widget.use_fieldset else "input"
