"""An interruption by Ctrl-C: whatever is under way ends within a second, and leaves no file behind.

What runs unwinds, so that whoever made a temporary file removes it. A query is ended from another
thread, and should unwinding take too long, that thread ends the process.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from time import monotonic, sleep
from types import FrameType
from typing import NoReturn

from auditor.stores import sessions

CODE = 130
"""What a shell gives for a process that SIGINT ended: 128 and the signal's number."""

PATIENCE = 0.7
"""Seconds for unwinding."""

_AGAIN = 0.05
"""Seconds between two attempts to end a query: the next may just have begun."""

_ending = Lock()


class InterruptedAudit(BaseException):
    """Somebody interrupted what was under way. It is no error, so that nothing takes it for one."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Have SIGINT end what runs within the context. For the main thread.

    Raises InterruptedAudit, also where a library has taken the interruption for an error.
    """
    seen: list[int] = []

    def hear(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        seen.append(number)
        # Once is enough: what cleans up is not to be interrupted itself.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise InterruptedAudit

    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    before = signal.signal(signal.SIGINT, hear)
    sys.unraisablehook = _unraisable
    woken = signal.set_wakeup_fd(mouth)
    Thread(target=_watch, args=(ear,), daemon=True).start()
    try:
        yield
    except Exception:
        if seen:
            raise InterruptedAudit from None
        raise
    finally:
        if not seen:
            signal.set_wakeup_fd(woken)
            signal.signal(signal.SIGINT, before)
            sys.unraisablehook = sys.__unraisablehook__
            os.close(mouth)


def _unraisable(told: "sys.UnraisableHookArgs") -> None:
    """Say nothing of an interruption that came while Python let go of something, and was lost.

    The process is ended all the same.
    """
    if told.exc_type is not InterruptedAudit:
        sys.__unraisablehook__(told)


def _watch(ear: int) -> None:
    """Wait for the signal, or for nothing to be left that it could end."""
    while (heard := os.read(ear, 1)) and heard != bytes([signal.SIGINT]):
        pass
    if not heard:
        os.close(ear)
        return
    end = monotonic() + PATIENCE
    while monotonic() < end:
        sessions.interrupt()
        sleep(_AGAIN)
    end_process()


def end_process() -> NoReturn:
    """Say so, and end at once: what libraries have to say at their end is no matter any more."""
    if not _ending.acquire(blocking=False):
        sleep(PATIENCE)  # the other thread ends the process
    sessions.remove_spilt()
    with suppress(OSError):
        sys.stderr.write("auditor: interrupted\n")
        sys.stderr.flush()
    os._exit(CODE)
