"""Worker processes that end with the process that started them, however that one ends."""

import multiprocessing
import os
import threading
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """Watch the parent from a thread of this worker; without a parent its work is nobody's.

    A killed process cannot stop its workers. They would train on, beside those of the next run.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)  # at once: an exit that tidies up would wait for the training
