"""The page, the HTTP interface, and the login and limits that every request passes before them.

`app` puts all together and `server` serves it; `conversation/` is Gradio's page, `pages/` the other ones, `card/` the
counter card, `api` the interface for programs, `login` the login, `middleware/` what each request passes first.
HTML is in `templates/`, which `templating` renders.
"""
