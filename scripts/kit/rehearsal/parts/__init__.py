"""The parts the model plays: generator, response, QA trainer, reviewer."""
