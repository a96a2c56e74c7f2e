"""What every HTTP request passes before a page: the outermost first, `security_headers`, `proxy_headers`,
`known_addresses`, `body_limit`, `authentication`; around them all `draining`, for the end of the server.
"""
