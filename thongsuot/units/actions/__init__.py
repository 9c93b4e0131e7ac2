"""Commands on units, one file per subject."""

from thongsuot.units.actions.bodies import give_identifiers, set_up_bodies
from thongsuot.units.actions.calendar import add_day, put_days, remove_day, set_hours
from thongsuot.units.actions.country import add_units
from thongsuot.units.actions.points import change_point, move_point, open_point

__all__ = ["add_day", "add_units", "change_point", "give_identifiers", "move_point", "open_point", "put_days",
           "remove_day", "set_hours", "set_up_bodies"]
