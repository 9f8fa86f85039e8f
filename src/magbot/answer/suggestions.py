"""Questions that the corpus answers, near to what was asked: the titles of topic pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import fsum

from magbot.index.catalog import Catalog
from magbot.retrieval.search import Found
from magbot.schema import Hit, Kind, Language, Metadata

MAX_SUGGESTIONS = 3
_NEAR = 5
# What the first place in the search counts for beside all the topics.
_FOUND = 1.0
# Where nothing is near, the questions that people ask most.
_COMMON = (
    "how-much-per-day",
    "upper-limit",
    "foods-rich-in-magnesium",
    "depression-and-magnesium",
    "sleep-and-magnesium",
)


def nearby_questions(found: Found, catalog: Catalog, used: Sequence[Hit]) -> tuple[str, ...]:
    """Titles of the nearest topic pages whose sentences were not used, in the question's language.

    A page is near by the topics that it shares with what the answer rests on (else with what search found), rare ones
    counting more, and by how high search placed a sentence of it.
    """
    pages, common = _pages(catalog, catalog.generation(), found.language)
    near = used or found.hits[:_NEAR]
    topics = {topic for hit in near for topic in hit.metadata.topics}
    rarity = fsum(1 / common[topic] for topic in topics if topic in common) or 1.0
    skip = {hit.metadata.id for hit in used}
    place = {hit.metadata.id: number for number, hit in reversed(list(enumerate(found.hits)))}

    def nearness(page: str) -> float:
        shared = fsum(1 / common[topic] for topic in topics.intersection(pages[page].topics))
        return shared / rarity + (_FOUND / (1 + place[page]) ** 0.5 if page in place else 0.0)

    near_by = {page: nearness(page) for page in pages} if found.hits else {}
    ordered = sorted((page for page in near_by if near_by[page] > 0), key=near_by.__getitem__, reverse=True)
    titles = (pages[page].title for page in dict.fromkeys([*ordered, *_COMMON]) if page in pages and page not in skip)
    return tuple(titles)[:MAX_SUGGESTIONS]


@lru_cache(maxsize=4)
def _pages(catalog: Catalog, _generation: int, language: Language) -> tuple[Mapping[str, Metadata], Mapping[str, int]]:
    """Topic pages of a language by id, and how many have each topic; read again when the index has changed."""
    pages = {page.id: page for page in catalog.metadata() if page.kind == Kind.FAQ and page.language == language}
    return pages, Counter(topic for page in pages.values() for topic in page.topics)
