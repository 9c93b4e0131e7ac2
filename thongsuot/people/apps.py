from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "thongsuot.people"

    def ready(self) -> None:
        """Second factors are allauth's rows: what happens to them is told by its signals, and kept in the person's history."""
        from allauth.mfa import signals

        signals.authenticator_added.connect(_note("added"), weak=False)
        signals.authenticator_removed.connect(_note("removed"), weak=False)
        signals.authenticator_reset.connect(_note("reset"), weak=False)
        _announce_stand_in()


def _announce_stand_in() -> None:
    from django.conf import settings
    from django.utils.translation import gettext_lazy as _

    from thongsuot.web import stand_ins

    if settings.VNEID == "stand-in":
        stand_ins.announce("vneid", _("VNeID: giả lập, với người không có thật."))


def _note(change: str) -> Any:
    def receiver(user: Any, authenticator: Any, **_: Any) -> None:
        from thongsuot.kernel import clock
        from thongsuot.people import actions, queries

        now = clock.now()
        actions.note_second_factor(
            user.pk, change=change, factor=authenticator.type, actor=queries.actor_for(user, at=now), at=now
        )

    return receiver
