"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays("notices.Notice.unit", "on whose behalf it was written; what still waits is sent all the same")
stays("notices.LetterVersion.city", "words are the city's, and a city does not end by a decision on its communes")
stays("notices.QuietHours.city", "set by the city")
stays("notices.LetterRoute.city", "set by the city")
