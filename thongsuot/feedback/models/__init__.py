"""What people report: categories and who answers for them, limits of time; tickets, who sent them, what was said and shown."""

from thongsuot.feedback.models.catalogue import AnswerTemplate, Category, CategoryQuestion, Competence
from thongsuot.feedback.models.cells import PublicCell, PublicPin
from thongsuot.feedback.models.figures import FeedbackDay, FeedbackNoted, TicketLeg
from thongsuot.feedback.models.life import Answer, Escalation, Extension, InternalNote, Message, Rating, Routing
from thongsuot.feedback.models.limits import Setting, TimeLimit
from thongsuot.feedback.models.mail import HeldMail, IncomingMail
from thongsuot.feedback.models.photos import Photo
from thongsuot.feedback.models.tickets import FeedbackTicket, Reporter

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Category",
    "CategoryQuestion",
    "Competence",
    "Escalation",
    "Extension",
    "FeedbackDay",
    "FeedbackNoted",
    "FeedbackTicket",
    "HeldMail",
    "IncomingMail",
    "InternalNote",
    "Message",
    "Photo",
    "PublicCell",
    "PublicPin",
    "Rating",
    "Reporter",
    "Routing",
    "Setting",
    "TicketLeg",
    "TimeLimit",
]
