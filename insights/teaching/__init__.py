"""What people teach, what they ask of the data team, and what they were refused until it can be answered."""

from insights.teaching.enquiries import EnquiryDesk
from insights.teaching.lessons import LessonDesk
from insights.teaching.refusals import RefusalDesk

__all__ = ["EnquiryDesk", "LessonDesk", "RefusalDesk"]
