"""The page, the HTTP interface, and what stands before them.

`app` puts all together and `server` serves it; `conversation/` is Gradio's page, `pages/` the other ones, `card/` the
counter card, `api` the interface for programs, `login` the login, `middleware/` what each request passes first.
HTML is in `templates/`, which `templating` renders.
"""
