"""Figures drawn from an answer alone: bars of what its statements list, and of the amounts that its sources name.

Each figure is a table whose rows say in words what the bars show, so nothing is lost on someone who cannot see them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from magbot.schema import Answer, Citation, Language, Statement
from magbot.text.numbers import parse_number
from magbot.web.html import join
from magbot.web.wording import Words

INTAKE, UPPER = "recommended-intake", "upper-levels"
_ITEM = re.compile(r"^(?P<name>.+?) (?P<amount>\d[\d.,]*) mg\.?$")
_A_DAY = re.compile(r"^(?P<name>.+?),? (?:er|is) (?P<amount>\d[\d.,]*) mg (?:magnesium )?(?:om dagen|a day)")
_OWN = re.compile(r"^(?P<amount>\d[\d.,]*) mg (?:(?:om dagen|a day) )?(?:er|is) ")
_FEWEST = 2


@dataclass(frozen=True)
class Bar:
    """One row of a figure; `own` marks what the person asked about among what it is compared with."""

    name: str
    written: str
    amount: Decimal
    citations: tuple[int, ...]
    own: bool = False


def listed(statement: Statement, language: Language) -> tuple[str, list[Bar]] | None:
    """What a statement of the form “lead: item 700 mg; item 611 mg.” lists, or None when it has another form."""
    lead, colon, rest = statement.text.partition(": ")
    found = [_ITEM.match(piece) for piece in rest.split("; ")]
    items = [match for match in found if match]
    if not colon or len(items) < max(_FEWEST, len(found)):
        return None
    # The rows are cited in the order in which the statement lists them; anything else is cited as a whole.
    one_each = len(statement.citations) == len(items)
    bars = [
        Bar(match["name"], match["amount"], amount, (statement.citations[number],) if one_each else ())
        for number, match in enumerate(items)
        if (amount := parse_number(match["amount"], language)) is not None
    ]
    return (lead, bars) if len(bars) == len(items) else None


def compared(answer: Answer) -> list[Bar]:
    """The daily amounts that an answer's sources name, and the person's own amount where it compares one."""
    cited = {number for statement in answer.statements for number in statement.citations}
    tables = [item for item in answer.citations if item.number in cited and item.document_id in (INTAKE, UPPER)]
    bars = [bar for citation in tables if (bar := _named(citation))]
    numbers = {bar.citations[0] for bar in bars}
    own = (_OWN.match(item.text) for item in answer.statements if not item.verbatim and numbers & {*item.citations})
    match = next((match for match in own if match), None)
    amount = parse_number(match["amount"], answer.language) if match else None
    if match and amount is not None and bars:
        bars.insert(0, Bar("", match["amount"], amount, (), own=True))
    return bars if len(bars) >= _FEWEST else []


def _named(citation: Citation) -> Bar | None:
    match = _A_DAY.match(citation.quote)
    amount = parse_number(match["amount"], citation.language) if match else None
    return Bar(match["name"], match["amount"], amount, (citation.number,)) if match and amount is not None else None


def list_figure(lead: str, bars: Sequence[Bar], rest: Markup, references: Callable[[Sequence[int]], Markup]) -> Markup:
    """A statement that lists amounts, as bars; `rest` are references to all of it."""
    return _figure(Markup("{}{}").format(lead, rest), bars, "", references)


def intake_figure(answer: Answer, words: Words, references: Callable[[Sequence[int]], Markup]) -> Markup:
    """An amount against recommendations and upper levels; nothing when the answer compares none."""
    bars = compared(answer)
    if not bars:
        return Markup("")
    documents = {item.document_id for item in answer.citations} & {INTAKE, UPPER}
    title = (
        words.chart_intake if documents == {INTAKE} else words.chart_upper if documents == {UPPER} else words.chart_both
    )
    return _figure(Markup("{}").format(title), bars, words.chart_own, references)


def _figure(title: Markup, bars: Sequence[Bar], own: str, references: Callable[[Sequence[int]], Markup]) -> Markup:
    longest = max(bar.amount for bar in bars)
    line = next((bar.amount for bar in bars if bar.own), None)
    rows = join(
        Markup(
            '<tr{own}><th scope="row">{name}{refs}</th><td><span class="mb-track" aria-hidden="true">'
            '<i style="width:{width}%"></i>{mark}</span><b>{written}\N{NO-BREAK SPACE}mg</b></td></tr>'
        ).format(
            own=Markup(' class="mb-own"') if bar.own else "",
            name=own if bar.own else _capital(bar.name),
            refs=references(bar.citations),
            width=_share(bar.amount, longest),
            mark=Markup('<s style="left:{}%"></s>').format(_share(line, longest)) if line is not None else "",
            written=bar.written,
        )
        for bar in bars
    )
    return Markup('<table class="mb-bars"><caption>{}</caption><tbody>{}</tbody></table>').format(title, rows)


def _share(amount: Decimal, longest: Decimal) -> str:
    return f"{amount / longest * 100:.1f}" if longest else "0"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
