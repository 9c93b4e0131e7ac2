"""What the law and the practice say about units: names and bodies, and how people write where they live."""

from thongsuot.units.rules.bodies import commune_bodies, example_identifiers, example_point, full_name
from thongsuot.units.rules.reorganising import keepers

__all__ = ["commune_bodies", "economy_office_name", "example_identifiers", "example_point", "full_name", "keepers"]
