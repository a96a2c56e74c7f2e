"""Between the network and the engine: limits, counters, health, logs, and the lock on the folder.

`answering` is the engine as the web sees it, `questions` the only way to it; `limits` its rates and its queue,
`metrics` and `logs` what the operator sees, `health` and `clock_drift` the checks, `folder_lock` lets one server
in a folder.
`assemble` puts them together.
"""
