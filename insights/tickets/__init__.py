"""What is broken and who sees to it."""

from insights.tickets.desk import TicketDesk
from insights.tickets.embedded import EmbeddedTickets
from insights.tickets.port import Tickets, TicketSystem

__all__ = ["EmbeddedTickets", "TicketDesk", "TicketSystem", "Tickets"]
