"""Questions that the corpus answers, near to what was asked: the titles of topic pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from magbot.index.catalog import Catalog
from magbot.retrieval.search import Found
from magbot.schema import Hit, Kind, Language, Metadata

MAX_SUGGESTIONS = 3
# Where nothing is near, the questions that people ask most.
_COMMON = (
    "how-much-per-day",
    "upper-limit",
    "foods-rich-in-magnesium",
    "depression-and-magnesium",
    "sleep-and-magnesium",
)


def nearby_questions(found: Found, catalog: Catalog, used: Sequence[Hit]) -> tuple[str, ...]:
    """Titles of the nearest topic pages whose sentences were not used, in the question's language."""
    pages = _pages(catalog, catalog.generation(), found.language)
    topics: Counter[str] = Counter(topic for hit in found.hits[:10] for topic in hit.metadata.topics)
    skip = {hit.metadata.id for hit in used}
    direct = [hit.metadata.id for hit in found.hits if hit.metadata.id in pages]
    by_topic = sorted(pages, key=lambda page: -sum(topics[topic] for topic in pages[page].topics))
    ordered = dict.fromkeys([*direct, *(by_topic if found.hits else ()), *_COMMON])
    return tuple(pages[page].title for page in ordered if page in pages and page not in skip)[:MAX_SUGGESTIONS]


@lru_cache(maxsize=4)
def _pages(catalog: Catalog, _generation: int, language: Language) -> Mapping[str, Metadata]:
    """Topic pages of a language by id; read again when the index has changed."""
    return {page.id: page for page in catalog.metadata() if page.kind == Kind.FAQ and page.language == language}
