"""The transactional store: bookings, tickets, conversations, outbox."""
