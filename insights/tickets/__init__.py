"""What is broken and who sees to it."""

from insights.tickets.desk import TicketDesk
from insights.tickets.embedded import EmbeddedTickets

__all__ = ["EmbeddedTickets", "TicketDesk"]
