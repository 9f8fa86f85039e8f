"""How studies are named: "Kieboom 2017", "Mah & Pitre 2021"."""

from __future__ import annotations

import re

STUDY = re.compile(r"\b(?:(?:von|van|de|de la) )?[A-ZÆØÅ][\w'é-]+(?: (?:&|og|and) [A-ZÆØÅ][\w'é-]+)? (?:19|20)\d\d\b")
