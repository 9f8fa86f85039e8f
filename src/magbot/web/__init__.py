"""The web page: gradio, with its own rendering of answers, sources and documents."""

from magbot.web.stubs import no_stubs

with no_stubs():
    import gradio  # noqa: F401 - before any part of the page does
