"""Answers in a chat model's words, each statement checked against the quotes that it cites.

Nothing here is imported unless a model is configured: LangChain's chat parts take seconds to load.
"""
