"""Markdown and plain text, with or without YAML front matter."""

from __future__ import annotations

import re
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from magbot.corpus.formats.reading import Reading
from magbot.corpus.markdown import PlainText, read_markdown
from magbot.refusals import refused
from magbot.yaml_files import parse_yaml


class _FrontMatterHandler(YAMLHandler):
    """The library's handler with the C parser, which reads the shipped corpus ten times as fast."""

    def load(self, fm: str, **_: object) -> Any:
        return parse_yaml(fm)


def read_text(text: str, name: str, *, markdown: bool, supports: bool = True) -> Reading:
    """Read text; `supports` tells whether `[@id, "quote"]` names a source or is just text.

    Raises DocumentError when the front matter is not valid YAML.
    """
    try:
        values, body = frontmatter.parse(text, handler=_FrontMatterHandler())
    except yaml.YAMLError as error:
        raise refused("front-matter", name=name, reason=str(error).splitlines()[0]) from error
    return Reading(read_markdown(body, name, supports=supports) if markdown else _plain(body), values)


def _plain(body: str) -> PlainText:
    plain = PlainText()
    for paragraph in re.split(r"\n\s*\n", body):
        if paragraph.strip():
            plain.add_paragraph(paragraph.strip())
    return plain
