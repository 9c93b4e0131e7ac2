"""The place of whoever comes at an hour that was given to them. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

BOOKED_AT_ONCE = 5  # by one person, all points together: seats are for those who come


def booked_place(starts_at: datetime, *, early: timedelta) -> datetime:
    """Since when a booked ticket counts as waiting: the earliest instant at which it could be checked in.

    So it is called at its hour before those who came later than that, and after all who had come before. Somebody without a
    booking is overtaken by no more people than have seats in slots that begin less than `early` after they came: nobody waits
    for ever behind bookings.
    """
    return starts_at - early


def may_check_in(at: datetime, starts_at: datetime, *, early: timedelta, late: timedelta) -> bool:
    return starts_at - early <= at <= starts_at + late
