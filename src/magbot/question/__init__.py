"""Understanding what is asked: language, follow-ups, and the form of the question."""
