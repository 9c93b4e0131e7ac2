"""Commands on units, one file per subject."""

from thongsuot.units.actions.agencies import (
    AgencyAlreadySetUp,
    AgencyStillServes,
    ServingNotThere,
    change_agency,
    check_end,
    check_serving,
    end_agency,
    end_serving,
    put_serving,
    set_up_agency,
)
from thongsuot.units.actions.bodies import BodiesAlreadySetUp, give_identifiers, set_up_bodies
from thongsuot.units.actions.boundaries import put_boundaries
from thongsuot.units.actions.calendar import (
    DayAlreadySet,
    DayChangesNothing,
    DayNotSet,
    change_days,
    check_change,
    put_days,
    set_hours,
)
from thongsuot.units.actions.country import add_units
from thongsuot.units.actions.points import NotAManager, change_point, move_point, open_point

__all__ = [
    "AgencyAlreadySetUp",
    "AgencyStillServes",
    "BodiesAlreadySetUp",
    "DayAlreadySet",
    "DayChangesNothing",
    "DayNotSet",
    "NotAManager",
    "ServingNotThere",
    "add_units",
    "change_agency",
    "change_days",
    "change_point",
    "check_change",
    "check_end",
    "check_serving",
    "end_agency",
    "end_serving",
    "give_identifiers",
    "move_point",
    "open_point",
    "put_boundaries",
    "put_days",
    "put_serving",
    "set_hours",
    "set_up_agency",
    "set_up_bodies",
]
