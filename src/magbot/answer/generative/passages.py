"""The sentences that a chat model is given, and what is known around each of them."""

from __future__ import annotations

import re
import secrets

from magbot.answer.verification.verifier import Source
from magbot.retrieval.lookup import Lookup
from magbot.retrieval.ranking import Ranked
from magbot.schema import Hit, Kind

# A sentence that gives orders to a model is no source. Whoever wrote it into a document may also have had it repeat
# what it orders, and then the quote would support the model that obeys.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:rules?|instructions?|prompts?|above|previous)\b|"
    r"\b(?:ignor[eé]r|glem|se bort fra|tilsidesæt)\b.{0,40}\b(?:regler\w*|instruks\w*|instruktion\w*|ovenstående|tidligere)\b|"
    r"\bsystem ?prompt|\byou are now\b|\bdu er nu\b|\bas an ai\b|\b(?:language model|sprogmodel\w*)\b.{0,30}\b(?:must|should|skal|bør)\b|"
    r"<\s*/?\s*(?:passages?|question|system|assistant)\b",
    re.IGNORECASE | re.DOTALL,
)


def passages_of(ranked: Ranked, lookup: Lookup, most: int) -> dict[str, Hit]:
    """Sentences for the model, best first, under ids that exist in this turn only.

    A topic page stands for the sentences that it rests on, since those are what is cited.
    """
    hits: dict[tuple[str, str, int], Hit] = {}
    for hit, _ in ranked:
        for cited in lookup.supports(hit) or (hit,):
            if cited.metadata.kind is not Kind.FAQ and not _ORDER.search(cited.sentence.text):
                hits.setdefault((cited.metadata.id, cited.metadata.language, cited.sentence.start), cited)
        if len(hits) >= most:
            break
    return {secrets.token_hex(4): hit for hit in list(hits.values())[:most]}


def source_of(hit: Hit) -> Source:
    """A cited sentence as the verifier takes it: with its neighbours and the names of its document."""
    sentences = hit.passage.sentences
    starts = [sentence.start for sentence in sentences]
    position = starts.index(hit.sentence.start) if hit.sentence.start in starts else len(starts)
    near = (*sentences[max(0, position - 1) : position], *sentences[position + 1 : position + 2])
    names = f"{hit.metadata.title} {' '.join(hit.metadata.authors)} {hit.metadata.year or ''} {hit.passage.heading}"
    return Source(hit.sentence.text, hit.metadata.language, tuple(sentence.text for sentence in near), names)
