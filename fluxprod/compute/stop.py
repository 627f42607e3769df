"""A stage stops when it is asked to: by SIGTERM, by Ctrl-C, or because DVC is gone.

Its workers end, what is half written is removed, and what is finished stays for the next run.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GRACE = 8.0  # s to tidy up; those who ask kill after 10 or more, as `docker stop`
AGAIN = 0.1  # s from a signal that was lost to the next
POLL = 0.5  # s between two looks for DVC
STAGE = "DVC_STAGE"  # in the environment of what DVC runs for a stage
BY_SIGNAL = 128  # added to a signal's number: the status of what it ended, as shells have it


@contextmanager
def stoppable(stage: str) -> Iterator[None]:
    """Let a signal raise SystemExit in the block, and say so in one line.

    Raises
    ------
    SystemExit
        With 128 and the signal's number.
    """
    asked: list[int] = []

    def stop(number: int, _: object) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)  # once is enough
        asked.append(number)
        sys.exit(BY_SIGNAL + number)

    with _heard(stage, stop), _asked_again(asked, stop), _while_dvc_lives():
        try:
            yield
        except BaseException:
            if not asked:
                raise
            # whatever ended the block, as a worker that had the signal too, came of it
            _say_stopped(stage, asked[0])
            sys.exit(BY_SIGNAL + asked[0])


def _say_stopped(stage: str, number: int) -> None:
    name = signal.Signals(number).name
    print(f"{stage}: stopped by {name}; run again, it goes on", file=sys.stderr, flush=True)


@contextmanager
def _heard(stage: str, stop: Callable[[int, object], None]) -> Iterator[None]:
    """Handle the signals, but for those that are ignored already, as in a job of the background."""
    here = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    heard, tell = socket.socketpair()
    tell.setblocking(False)
    left = threading.Event()
    threading.Thread(target=_end_in_time, args=(stage, heard, left), daemon=True).start()
    before = {each: signal.signal(each, stop) for each in here}
    old = signal.set_wakeup_fd(tell.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(old)
        for each, handler in before.items():
            signal.signal(each, handler)
        left.set()
        tell.close()


@contextmanager
def _asked_again(asked: list[int], stop: Callable[[int, object], None]) -> Iterator[None]:
    """Ask once more if the signal came within a finalizer, of which Python lets no exit out."""
    told = sys.unraisablehook
    again = threading.Timer(AGAIN, lambda: os.kill(os.getpid(), asked[0]))

    def ask_again(ignored: Any) -> None:
        if not asked or not isinstance(ignored.exc_value, SystemExit):
            told(ignored)
        elif not again.is_alive():
            signal.signal(asked[0], stop)
            again.start()

    sys.unraisablehook = ask_again
    try:
        yield
    finally:
        again.cancel()
        sys.unraisablehook = told


def _end_in_time(stage: str, heard: socket.socket, left: threading.Event) -> None:
    """End the process after a signal, though it is deep in a library, or waits for a thread."""
    with heard:
        while (byte := heard.recv(1)) and byte[0] not in SIGNALS:
            pass  # another signal that has a handler
        if byte and not left.wait(GRACE):
            _say_stopped(stage, byte[0])
            os._exit(BY_SIGNAL + byte[0])


@contextmanager
def _while_dvc_lives() -> Iterator[None]:
    """Ask this process to stop if DVC, which started it, is killed: nobody takes its outputs."""
    done = threading.Event()
    if STAGE in os.environ:
        threading.Thread(target=_stop_without_dvc, args=(done,), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _stop_without_dvc(done: threading.Event) -> None:
    child = _child_of_dvc()
    dvc = _parent(child)
    while not done.wait(POLL):
        if _parent(child) != dvc:
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _child_of_dvc() -> psutil.Process:
    """Find what DVC started: this process, or the shell that some systems leave between them."""
    process = psutil.Process()
    with suppress(psutil.Error):
        while (parent := process.parent()) and STAGE in parent.environ():
            process = parent
    return process


def _parent(process: psutil.Process) -> int | None:
    """Number of the parent; None if there is no process any more."""
    with suppress(psutil.NoSuchProcess):
        return process.ppid()
    return None
