"""gradio writes no type stubs while the page is imported, in a process that has not imported it before."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNT = """
import ast, inspect
parsed, parse = [], ast.parse
def noted(source, *more, **names):
    parsed.append(source)
    return parse(source, *more, **names)
ast.parse = noted
import {package}
import gradio
assert inspect.getfile(gradio.Button).endswith("button.py")
print(sum("class Button(" in source for source in parsed if isinstance(source, str)))
"""


@pytest.mark.parametrize(("package", "written"), [("magbot.web", False), ("gradio", True)])
def test_gradio_parses_no_component(package: str, written: bool) -> None:
    command = [sys.executable, "-W", "ignore", "-c", COUNT.format(package=package)]
    assert (int(subprocess.check_output(command)) > 0) is written
