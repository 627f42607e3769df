"""Orderly end of a stage after SIGTERM, after Ctrl-C, or when the DVC that started it dies.

The stage's workers end, partial output is removed, and finished parts stay for the next run.
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
GRACE = 8.0  # s to clean up; `docker stop` and the like send SIGKILL after 10 s or more
RESEND_DELAY = 0.1  # s from a lost signal to its repetition
POLL = 0.5  # s between two checks that DVC is alive
DVC_STAGE = "DVC_STAGE"  # environment variable that DVC sets for the command of a stage
SIGNAL_STATUS = 128  # added to the number of a signal to give the exit status, as in shells


@contextmanager
def stoppable(stage: str) -> Iterator[None]:
    """Turn a signal into SystemExit in the block, and report it in one line.

    Parameters
    ----------
    stage : str
        Name of the stage, which begins the line.

    Raises
    ------
    SystemExit
        If a signal arrived; the status is 128 plus the number of the signal.
    """
    received: list[int] = []

    def stop(number: int, _: object) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)  # further signals must not disturb the clean-up
        received.append(number)
        sys.exit(SIGNAL_STATUS + number)

    with _signal_handlers(stage, stop), _lost_signals_resent(received, stop), _dvc_watched():
        try:
            yield
        except BaseException:
            if not received:
                raise
            # any error after the signal is its consequence: workers may have received it, too
            _report_stop(stage, received[0])
            sys.exit(SIGNAL_STATUS + received[0])


def _report_stop(stage: str, number: int) -> None:
    name = signal.Signals(number).name
    print(f"{stage}: stopped by {name}; run it again to continue", file=sys.stderr, flush=True)


@contextmanager
def _signal_handlers(stage: str, stop: Callable[[int, object], None]) -> Iterator[None]:
    """Handle the signals, except those already ignored, as SIGINT is in a background job."""
    handled = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    ended = threading.Event()
    threading.Thread(target=_exit_after_grace, args=(stage, receiver, ended), daemon=True).start()
    previous = {each: signal.signal(each, stop) for each in handled}
    previous_fd = signal.set_wakeup_fd(sender.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(previous_fd)
        for each, handler in previous.items():
            signal.signal(each, handler)
        ended.set()
        sender.close()


@contextmanager
def _lost_signals_resent(
    received: list[int], stop: Callable[[int, object], None]
) -> Iterator[None]:
    """Send a signal again that arrived in a finalizer, where Python ignores SystemExit."""
    previous_hook = sys.unraisablehook
    resend = threading.Timer(RESEND_DELAY, lambda: os.kill(os.getpid(), received[0]))

    def hook(ignored: Any) -> None:
        if not received or not isinstance(ignored.exc_value, SystemExit):
            previous_hook(ignored)
        elif not resend.is_alive():
            signal.signal(received[0], stop)
            resend.start()

    sys.unraisablehook = hook
    try:
        yield
    finally:
        resend.cancel()
        sys.unraisablehook = previous_hook


def _exit_after_grace(stage: str, receiver: socket.socket, ended: threading.Event) -> None:
    """End the process after a signal even if it is busy in a library or waits for a thread."""
    with receiver:
        while (byte := receiver.recv(1)) and byte[0] not in SIGNALS:
            pass  # another signal that has a handler
        if byte and not ended.wait(GRACE):
            _report_stop(stage, byte[0])
            os._exit(SIGNAL_STATUS + byte[0])


@contextmanager
def _dvc_watched() -> Iterator[None]:
    """Stop this process if the DVC that started it is killed, as nobody would use its outputs."""
    done = threading.Event()
    if DVC_STAGE in os.environ:
        threading.Thread(target=_stop_without_dvc, args=(done,), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _stop_without_dvc(done: threading.Event) -> None:
    child = _child_of_dvc()
    dvc = _parent_id(child)
    while not done.wait(POLL):
        if _parent_id(child) != dvc:
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _child_of_dvc() -> psutil.Process:
    """Find the process that DVC started: this one, or on some systems a shell in between."""
    process = psutil.Process()
    with suppress(psutil.Error):
        while (parent := process.parent()) and DVC_STAGE in parent.environ():
            process = parent
    return process


def _parent_id(process: psutil.Process) -> int | None:
    """Process number of the parent, or None if the process has ended."""
    with suppress(psutil.NoSuchProcess):
        return process.ppid()
    return None
