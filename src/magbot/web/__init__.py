"""The web page: gradio, with its own rendering of answers, sources and documents."""
