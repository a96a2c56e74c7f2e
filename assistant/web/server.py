"""The port, and uvicorn: how the page is served and ends."""

import errno
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from assistant.errors import ServerError
from assistant.service.logs import configure_logs
from assistant.web.middleware.draining import DRAIN_SECONDS, Draining, force_exit_later

BACKLOG = 128
REASONS = {
    errno.EADDRINUSE: "un autre programme l’occupe",
    errno.EACCES: "il est réservé au système",
    errno.EADDRNOTAVAIL: "cette adresse n’est pas celle de cette machine",
}


def bind_port(host: str, port: int) -> socket.socket:
    """A socket that has the port and does not listen yet: connections are refused until `run`.

    Raises ServerError, one French line.
    """
    with _explain_port(host, port):
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bound.bind((host, port))
        except OSError:
            bound.close()
            raise
        return bound


@contextmanager
def _explain_port(host: str, port: int) -> Iterator[None]:
    try:
        yield
    except socket.gaierror as error:
        raise ServerError(f"L’adresse GUICHET_HOST={host} est inconnue ; attendu : par exemple 127.0.0.1.") from error
    except OSError as error:
        raise ServerError(
            f"Le port {port} n’est pas libre sur {host} ({REASONS.get(error.errno or 0, 'refusé par le système')}). "
            f"Choisissez-en un autre : GUICHET_PORT={port % 65535 + 1} guichet serve"
        ) from error


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_start = on_start
        self.on_stop = on_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends on the first signal; uvicorn's own raises it again once all is closed, which shows a traceback.

        SIGHUP (the terminal was closed) ends it as well as SIGTERM does; under `nohup` it stays ignored.
        """
        signals = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signals.append(signal.SIGHUP)
        before = {number: signal.signal(number, self.handle_exit) for number in signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        force_exit_later()
        self.on_stop()
        await super().shutdown(sockets=sockets)


def run(app: ASGIApp, bound: socket.socket, host: str) -> None:
    """Serves on a socket of `bind_port` until interrupted; says where on standard output.

    Raises ServerError when another server, bound to the same port, began to listen first.
    """
    port = bound.getsockname()[1]
    with _explain_port(host, port):
        bound.listen(BACKLOG)

    def say_where() -> None:
        with suppress(OSError):  # standard output on a full disk, or a pipe that nobody reads any more
            sys.stdout.write(f"Guichet est prêt : http://{f'[{host}]' if ':' in host else host}:{port}\n")
            sys.stdout.flush()

    configure_logs()
    draining = Draining(app)
    config = uvicorn.Config(
        draining, log_config=None, access_log=False, proxy_headers=False, timeout_graceful_shutdown=DRAIN_SECONDS
    )
    _Server(config, say_where, draining.stop).run(sockets=[bound])
