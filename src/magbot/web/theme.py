"""The gradio theme: the system's own fonts, and the page's colours for gradio's components."""

from __future__ import annotations

import gradio as gr

FONTS = ["ui-sans-serif", "system-ui", "sans-serif"]

# Colours live in style.css as custom properties; gradio's components take them from there, in both modes.
THEME = gr.themes.Base(
    font=[gr.themes.Font(name) for name in FONTS],
    font_mono=[gr.themes.Font("ui-monospace"), gr.themes.Font("monospace")],
).set(
    body_background_fill="var(--mb-ground)",
    body_background_fill_dark="var(--mb-ground)",
    body_text_color="var(--mb-ink)",
    body_text_color_dark="var(--mb-ink)",
    background_fill_primary="var(--mb-ground)",
    background_fill_primary_dark="var(--mb-ground)",
    block_background_fill="transparent",
    block_background_fill_dark="transparent",
    block_border_width="0px",
    block_padding="0px",
    border_color_primary="var(--mb-line)",
    border_color_primary_dark="var(--mb-line)",
    input_background_fill="var(--mb-raised)",
    input_background_fill_dark="var(--mb-raised)",
    input_border_color="var(--mb-edge)",
    input_border_color_dark="var(--mb-edge)",
    input_placeholder_color="var(--mb-muted)",
    input_placeholder_color_dark="var(--mb-muted)",
    button_primary_background_fill="var(--mb-accent)",
    button_primary_background_fill_dark="var(--mb-accent)",
    button_primary_background_fill_hover="var(--mb-accent-strong)",
    button_primary_background_fill_hover_dark="var(--mb-accent-strong)",
    button_primary_text_color="var(--mb-on-accent)",
    button_primary_text_color_dark="var(--mb-on-accent)",
)
