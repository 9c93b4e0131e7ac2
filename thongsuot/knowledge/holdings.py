"""What a unit that ends holds here: nothing goes to a successor (units.moves)."""

from thongsuot.units.moves import stays

stays("knowledge.Article.city", "answers are the city's, and a city does not end by a decision on its communes")
stays("knowledge.ArticleVersion.city", "as of its question")
stays("knowledge.Article.unit", "it speaks of that unit: listed to be looked at again once the unit has ended")
