"""The conversation in the browser; the only folder that imports Gradio.

`blocks` are its components and events, `handlers` what the events do, `streaming` the same when a chat model writes,
at the rate of `throttle`; `turns` is what the browser keeps of a conversation, `render` its HTML.
"""
