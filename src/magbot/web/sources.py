"""The sources below an answer: how strong they are, and each document once with the places that are quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from magbot.answer.wording import evidence_in_words
from magbot.schema import Answer, Caveat, Citation, Kind, Notice, Statement
from magbot.web.html import join, strength, typeset
from magbot.web.source import by_line, kind_name, source_panel
from magbot.web.wording import Words

# Below this many documents a chart says no more than the list beneath it.
_FEWEST = 2


def references(turn: int, cited: Sequence[int], citations: Sequence[Citation], words: Words) -> Markup:
    """Numbers that show their quote on hover and focus, and open the source."""
    known = {citation.number: citation for citation in citations}
    return join(_reference(turn, known[mark], words) for mark in cited if mark in known)


def with_references(
    text: str,
    turn: int,
    cited: Sequence[int],
    citations: Sequence[Citation],
    words: Words,
    dress: Callable[[str], Markup] = typeset,
) -> Markup:
    """Text with its numbers; the first number stays with the last word, so that none stands alone on a line."""
    before, space, last = text.rstrip().rpartition(" ")
    first, more = references(turn, cited[:1], citations, words), references(turn, cited[1:], citations, words)
    # A marked or tappable stretch of text is not cut in two.
    if not first or dress(text) != dress(before) + space + dress(last):
        return dress(text) + first + more
    return Markup('{}{}<span class="mb-together">{}{}</span>{}').format(dress(before), space, dress(last), first, more)


def _reference(turn: int, citation: Citation, words: Words) -> Markup:
    return Markup(
        '\N{NO-BREAK SPACE}<button type="button" class="mb-ref" data-source="s{0}-{1}" data-quote="{2}" data-from="{3}"'
        ' aria-haspopup="dialog" aria-label="{4} {1}: {5}">[{1}]</button>'
    ).format(
        turn, citation.number, citation.quote, by_line(citation, words.language), words.source_number, citation.title
    )


def sources(turn: int, answer: Answer, words: Words) -> Markup:
    """Strength of the sources, then the documents in the order in which the answer cites them."""
    if not answer.citations:
        return Markup("")
    rows = join(_document(turn, group, words) for group in by_document(answer.citations))
    return Markup('<section class="mb-sources"><h3>{}</h3>{}<ol>{}</ol></section>').format(
        words.sources, evidence(answer, words), rows
    )


def by_document(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Citations of one document together, in the order of their first number."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.document_id, []).append(citation)
    return list(groups.values())


def _document(turn: int, group: Sequence[Citation], words: Words) -> Markup:
    first = group[0]
    more = (
        Markup('<p class="mb-places"><span>{}</span>{}</p>').format(
            words.places, references(turn, [citation.number for citation in group], group, words)
        )
        if len(group) > 1
        else Markup("")
    )
    return Markup(
        '<li value="{1}"><button type="button" class="mb-source" data-source="s{0}-{1}" aria-haspopup="dialog">'
        '<span class="mb-n" aria-hidden="true">{1}</span><span class="mb-source-title" lang="{lang}">{title}</span>'
        '<span class="mb-by">{by}</span>{strength}{unreviewed}</button>{more}</li>'
    ).format(
        turn,
        first.number,
        lang=first.language,
        title=first.title,
        by=" · ".join(part for part in (kind_name(first.kind, words.language), by_line(first, words.language)) if part),
        strength=strength(first.evidence_level, words.language, first.kind),
        unreviewed=Markup("") if first.reviewed else Markup('<span class="mb-tag">{}</span>').format(words.unreviewed),
        more=more,
    )


def evidence(answer: Answer, words: Words) -> Markup:
    """How many documents of which strength the answer rests on, and how many stand against it in caveats."""
    groups = by_document(answer.citations)
    if len(groups) < _FEWEST:
        return Markup("")
    said = _documents(answer, (*answer.statements, *answer.notices))
    counts: dict[str, list[int]] = {}
    for group in sorted(groups, key=_rank):
        row = counts.setdefault(evidence_in_words(group[0].evidence_level, words.language, group[0].kind), [0, 0])
        row[0 if group[0].document_id in said else 1] += 1
    rows = join(_evidence_row(name, agreeing, against, words) for name, (agreeing, against) in counts.items())
    legend = Markup('<p class="mb-legend"><i class="mb-dot"></i>{} <i class="mb-dot mb-against"></i>{}</p>').format(
        words.in_answer, words.in_caveats
    )
    return Markup('<div class="mb-evidence"><table><caption>{}</caption><tbody>{}</tbody></table>{}</div>').format(
        words.evidence_of_answer, rows, legend if any(against for _, against in counts.values()) else ""
    )


def _rank(group: Sequence[Citation]) -> int:
    return 8 if group[0].kind is Kind.TABLE else group[0].evidence_level or 9


def _evidence_row(name: str, agreeing: int, against: int, words: Words) -> Markup:
    parts = [f"{agreeing} {words.evidence_count[agreeing != 1]}"] if agreeing else []
    parts += [f"{against} {words.against[against != 1]}"] if against else []
    dots = Markup('<i class="mb-dot"></i>') * agreeing + Markup('<i class="mb-dot mb-against"></i>') * against
    return Markup(
        '<tr><th scope="row">{}</th><td><span aria-hidden="true">{}</span><span class="mb-sr">{}</span></td></tr>'
    ).format(name, dots, ", ".join(parts))


def _documents(answer: Answer, citing: Sequence[Statement | Caveat | Notice]) -> set[str]:
    numbers = {number for item in citing for number in item.citations}
    return {citation.document_id for citation in answer.citations if citation.number in numbers}


def panels(turn: int, citations: Sequence[Citation], words: Words) -> Markup:
    """What the source panel shows for each citation."""
    return join(source_panel(f"s{turn}-{citation.number}", citation, words) for citation in citations)
