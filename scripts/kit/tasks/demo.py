"""The demo repository: placeholder until the queue's owner writes it."""
