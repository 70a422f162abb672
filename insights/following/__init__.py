"""What people hear of again or pass on: what they follow, reminders, answers that are shared. Written down here, told by `insights work`."""

from insights.following.desk import FollowDesk
from insights.following.reminders import KIND as REMINDER
from insights.following.reminders import ReminderDesk
from insights.following.sharing import ShareDesk

__all__ = ["REMINDER", "FollowDesk", "ReminderDesk", "ShareDesk"]
