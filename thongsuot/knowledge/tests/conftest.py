from thongsuot.knowledge.tests.make import make_office
from thongsuot.units.tests.offices import office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_office)
