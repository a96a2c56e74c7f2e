"""Chat models behind one protocol (base), and how they are called.

open chooses langchain_chat (a server) or llama_cpp (a file); calls bounds time, attempts and calls at once, with
breaker; thread_stream hands over what another thread writes.
"""
