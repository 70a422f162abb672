"""What happens later or elsewhere: outbox, due work, messengers."""
