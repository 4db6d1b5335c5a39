"""Commands that run the service: `demo`, `serve`, `worker`."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import Annotated, Any

import typer
from rich.table import Table

from concordat.cli.common import UNAVAILABLE, console, progress_console
from concordat.server import configuration, demo
from concordat.server.installation import opened, uses_embedded_server

_LOOK_AGAIN = 2.0
"""Seconds after which a worker that has died is missed, and another started."""

_PR_SET_PDEATHSIG = 1
"""The number of this request to prctl(2), from Linux's <sys/prctl.h>."""

Port = Annotated[
    int | None,
    typer.Option(help="Port to listen on.", envvar="PORT", show_default="8000", min=1, max=65_535),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command `concordat`."""
    app.command("demo")(demo_command)
    app.command("serve")(serve_command)
    app.command("worker")(worker_command)


def demo_command(
    port: Port = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Throw the demo's data away and make them anew.")
    ] = False,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Without: only make the sample world.")
    ] = True,
) -> None:
    """Serve an invented world of seven forces, made on the first run and kept afterwards."""
    if not uses_embedded_server():
        progress_console.print(
            "The demo makes invented data, so it only runs on the embedded database: unset "
            "CONCORDAT_DATABASE_URL and CONCORDAT_SERVING_URL."
        )
        raise typer.Exit(UNAVAILABLE)
    chosen = _port(port)
    if serve:
        _check_port(chosen)
    if reset:
        demo.forget()
    with opened(say=progress_console.print):
        demo.make(say=progress_console.print)
        os.environ["CONCORDAT_DEMO"] = "1"
        console.print(_sign_ins())
        if serve:
            console.print(
                f"\nConcordat is at [bold]http://127.0.0.1:{chosen}[/]  (Ctrl-C stops it)"
            )
            _serve(chosen, worker=True)


def serve_command(
    port: Port = None,
    worker: Annotated[
        bool,
        typer.Option("--worker/--no-worker", help="Without: a worker of its own runs elsewhere."),
    ] = True,
) -> None:
    """Serve the pages, and work in the background beside them.

    Where another server than the embedded one is used, migrate it first.
    """
    chosen = _port(port)
    _check_port(chosen)
    with opened(say=progress_console.print):
        console.print(f"Concordat is at http://{_host()}:{chosen}  (Ctrl-C stops it)")
        _serve(chosen, worker=worker)


def worker_command() -> None:
    """Do the work in the background: decide who is who, alert, verify the journal every night.

    Starts again by itself when the database went away and came back.
    """
    from concordat.identity.engine.rehearsal import warm  # noqa: PLC0415 (half a second)
    from concordat.server.tasks import run_worker  # noqa: PLC0415 (needs a database at hand)

    with opened(say=progress_console.print):
        warm()
        stopped = False

        def stop(*_: Any) -> None:  # noqa: ANN401
            nonlocal stopped
            stopped = True

        signal.signal(signal.SIGTERM, stop)
        while not stopped:
            stopped = run_worker() or stopped
            if not stopped:
                progress_console.print("The worker lost the database; trying again.")
                time.sleep(2)


def _serve(port: int, *, worker: bool) -> None:
    """Serve until a signal says stop, in processes that know no role but the serving one.

    They stand in sessions of their own: Ctrl-C reaches only this process, which then ends them
    in order and after them the database.
    """
    threads = configuration.number("CONCORDAT_THREADS", 4)
    server = _started(
        "granian", "--interface", "wsgi", "--host", _host(), "--port", str(port),
        "--blocking-threads", str(threads), "--log-level", "warning", "--no-ws",
        "--workers-kill-timeout", "5s", "concordat.server.wsgi:application",
    )  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    working: subprocess.Popen[bytes] | None = None
    try:
        while server.poll() is None:
            if worker and (working is None or working.poll() is not None):
                working = _started("concordat.server.main", "worker")
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=_LOOK_AGAIN)
    except KeyboardInterrupt:
        server.terminate()
    finally:
        code = server.wait()
        if working is not None:
            working.terminate()
            working.wait()
    if code > 0:
        progress_console.print("The server ended by itself; its last words stand above.")
        raise typer.Exit(UNAVAILABLE)


def _started(*module: str) -> "subprocess.Popen[bytes]":
    withheld = ("CONCORDAT_DATABASE_URL", "CONCORDAT_BACKUP_URL")
    environment = {name: value for name, value in os.environ.items() if name not in withheld}
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *module],
        env=environment,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509
    )


def _end_with_parent() -> None:
    """Have Linux end this process when its parent dies, even by kill -9: no orphan serves on."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _host() -> str:
    return os.environ.get("CONCORDAT_HOST", "127.0.0.1")


def _port(chosen: int | None) -> int:
    return chosen or configuration.number("CONCORDAT_PORT", 8000)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), port))
        except OSError as problem:
            progress_console.print(
                f"{_host()}:{port} can’t be listened on ({problem.strerror}). Is the port taken? "
                "Stop what uses it, or choose another: PORT=8001 make demo, or --port 8001."
            )
            raise typer.Exit(UNAVAILABLE) from None


def _sign_ins() -> Table:
    """Return who can sign in; names and passwords are never shortened."""
    title = f"Demo sign-ins. The password of all: [bold]{demo.password()}[/]"
    table = Table(title=title, caption="Everybody here is invented.")
    table.add_column("Username", no_wrap=True)
    for column in ("Who", "Organisation", "Roles"):
        table.add_column(column, overflow="fold")
    for row in demo.sign_ins():
        table.add_row(*row)
    return table
