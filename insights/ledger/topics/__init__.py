"""What the ledger keeps, topic by topic, in SQL that runs on every engine."""

from __future__ import annotations

from insights.ledger.topics.accounts import StoredAccounts, StoredCodes
from insights.ledger.topics.actions import StoredActions
from insights.ledger.topics.administering import StoredAdministering
from insights.ledger.topics.answers import StoredAnswers
from insights.ledger.topics.audit import StoredAudit
from insights.ledger.topics.bookings import StoredBookings
from insights.ledger.topics.conversations import StoredConversations
from insights.ledger.topics.copies import StoredCopies
from insights.ledger.topics.departures import StoredDepartures
from insights.ledger.topics.devices import StoredDevices
from insights.ledger.topics.helpdesk import StoredHelpDesk
from insights.ledger.topics.installations import StoredInstallations, StoredOneTime
from insights.ledger.topics.lessons import StoredEnquiries, StoredLessons, StoredRefusals
from insights.ledger.topics.meetings import StoredMeetings
from insights.ledger.topics.pins import StoredPins
from insights.ledger.topics.post import StoredPost
from insights.ledger.topics.privacy import StoredPrivacy
from insights.ledger.topics.rooms import StoredRooms
from insights.ledger.topics.spending import StoredSpending
from insights.ledger.topics.subscriptions import StoredSubscriptions
from insights.ledger.topics.tickets import StoredTickets
from insights.ledger.topics.work import StoredWork


class StoredLedger(
    StoredConversations,
    StoredActions,
    StoredBookings,
    StoredRooms,
    StoredMeetings,
    StoredTickets,
    StoredHelpDesk,
    StoredLessons,
    StoredEnquiries,
    StoredRefusals,
    StoredWork,
    StoredAccounts,
    StoredCodes,
    StoredPins,
    StoredDevices,
    StoredAnswers,
    StoredDepartures,
    StoredSubscriptions,
    StoredPost,
    StoredInstallations,
    StoredOneTime,
    StoredSpending,
    StoredAdministering,
    StoredAudit,
    StoredPrivacy,
    StoredCopies,
):
    """All topics of the ledger over one database."""

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()
