"""Checks each statement against what it cites. What is not supported is dropped: the statement, not the marker.

`exact` is for quotes, `verifier` for statements in free words. One check looks at one thing; the lists they use are
data in lexicon.yaml and signals.yaml, in both languages.
"""

from magbot.answer.verification.exact import is_exact, is_supported

__all__ = ["is_exact", "is_supported"]
