"""Finding the sentences that may answer a question, and deciding whether they do."""
