"""The agents: their loop over the SDK, their tools, their sandbox, what they cost and what they left on record."""
