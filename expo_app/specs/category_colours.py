"""The colour of each category of people, by token, on badges, screens and in print."""

from expo_app.model import Category

CATEGORY_COLOURS = {
    Category.VISITOR: "cat.energy", Category.TRADE_VISITOR: "cat.energy", Category.EXHIBITOR: "cat.it",
    Category.GUEST: "plum", Category.SPEAKER: "plum", Category.INVESTOR: "cat.research", Category.MEDIA: "cat.mfg",
    Category.STAFF: "cat.service",
}  # fmt: skip
