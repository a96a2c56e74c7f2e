"""The conversation in the browser; the only folder that imports Gradio."""
