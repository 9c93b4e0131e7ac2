"""Migrations run without drawing all models again and again. Made of Django alone: it is there before any of our tables."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.db.migrations import state as states
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.models import Model


class DrawnAsAsked(StateApps):
    """The models at one moment of the history. Django makes a class of each, and anew, after each column, of all that have to
    do with its table: at two hundred tables, most of the time of building a database. Here a class is made when somebody asks
    for it, with those it points to; whoever wants to know what points to it gets all of them, as there.
    """

    def __init__(self, real_apps: Any, models: Any, ignore_swappable: bool = False) -> None:
        self._waiting: dict[tuple[str, str], ModelState] = {}
        super().__init__(real_apps, models, ignore_swappable)

    def render_multiple(self, model_states: list[ModelState]) -> None:
        self._waiting |= {(one.app_label, one.name_lower): one for one in model_states}

    def unregister_model(self, app_label: str, model_name: str) -> None:
        self._waiting.pop((app_label, model_name), None)
        super().unregister_model(app_label, model_name)

    def get_registered_model(self, app_label: str, model_name: str) -> type[Model]:
        self._draw(app_label, model_name.lower())
        return super().get_registered_model(app_label, model_name)

    def get_model(self, app_label: str, model_name: str | None = None, require_ready: bool = True) -> type[Model]:
        if model_name is None:
            app_label, model_name = app_label.split(".")
        return self.get_registered_model(app_label, model_name)

    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> list[type[Model]]:
        """Not kept, as there: some may be drawn before the next question."""
        self._draw_all()
        found: list[type[Model]] = inspect.unwrap(Apps.get_models)(self, include_auto_created, include_swapped)
        return found

    def clear_cache(self) -> None:
        """Of what is drawn: there it asks for all models. What is known of the real ones stays known."""
        if self.ready:
            for model in (model for models in self.all_models.values() for model in models.values()):
                model._meta._expire_cache()  # type: ignore[attr-defined]  # not in the stubs

    def get_app_config(self, app_label: str) -> AppConfig:
        self._draw_all()
        return super().get_app_config(app_label)

    def get_app_configs(self) -> Any:
        self._draw_all()
        return super().get_app_configs()

    def _draw_all(self) -> None:
        for label, name in list(self._waiting):
            self._draw(label, name)

    def _draw(self, label: str, name: str) -> None:
        if waiting := self._waiting.pop((label, name), None):
            with self.bulk_update():
                waiting.render(self)


def _forget(state: ProjectState, *_changed: Any, **_how: Any) -> None:
    state.__dict__.pop("apps", None)


def _clone(state: ProjectState) -> ProjectState:
    made = ProjectState({key: one.clone() for key, one in state.models.items()}, state.real_apps)
    made.is_delayed = state.is_delayed
    return made


@contextmanager
def drawn_as_asked() -> Iterator[None]:
    """For as long as migrations run: a state that changes forgets its models, and none is copied with them."""
    ours = (
        (states, "StateApps", DrawnAsAsked),
        (ProjectState, "reload_model", _forget),
        (ProjectState, "reload_models", _forget),
        (ProjectState, "clone", _clone),
    )
    before = [(where, name, getattr(where, name)) for where, name, _ours in ours]
    for where, name, what in ours:
        setattr(where, name, what)
    try:
        yield
    finally:
        for where, name, what in before:
            setattr(where, name, what)
