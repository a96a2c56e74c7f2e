"""The pages beside the conversation.

`routes` names their addresses; the other files prepare the values of one page each, which a template of
`assistant/web/templates/` shows inside the `frame`.
"""
