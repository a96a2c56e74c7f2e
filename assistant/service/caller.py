"""Who asks, as the limits count them: the tab or the login, and the machine's address. Nothing of it is kept."""

from typing import Protocol

from assistant.service.limits import Caller


class Client(Protocol):
    @property
    def host(self) -> str: ...


class Asking(Protocol):
    """What a request of Starlette, or Gradio's wrapping of one, says of its machine."""

    @property
    def client(self) -> Client | None: ...


def caller_of(request: Asking, session: str = "") -> Caller:
    return Caller(session=session, address=request.client.host if request.client else "")
