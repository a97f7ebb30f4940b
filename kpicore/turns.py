"""Taking turns: many questions at a time, of which one computes, and each can be given up.

What takes long says where others may go first (`pause`), and what it waits for beside Python (`aside`: a
statement of the warehouse, a lock, another's scan). Outside a turn both do nothing, so that the engine need not
know who asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import islice
from threading import Event, Lock, RLock, get_ident
from typing import Any, Generic, Self, TypeVar, overload

QUANTUM_SECONDS = 0.001
"""So long one computes while others wait."""

MOST_AT_ONCE = 1_000
"""So many rows, cells or questions are gone through before others may go first."""

# who has computed a second more than another comes before it once it has waited 10 seconds longer
_PATIENCE = 0.1
"""So much of the time that one has waited counts against the time that it has computed: nobody waits for ever."""

_MOST_SHARING = 4
"""Among so many at most is the time divided in which several wait for the warehouse."""

Clock = Callable[[], float]
T = TypeVar("T")


class GivenUp(BaseException):
    """Nobody waits for the answer any more, or it took too long. No Exception: nothing may go on after it."""


class Turn:
    """One question's place among all: a context within which its thread computes when it is its turn.

    `stop` may be called by any thread, again and again until it is over; what runs then ends with GivenUp.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._is_next = Event()
        # nobody's yet: what a thread is known by is never 0
        self._thread = 0
        # _waits_since and _beside_since are moments of the clock, 0.0 while it does neither; sums of seconds the others
        self._began = self._waits_since = self._waited = self._beside = self._share = 0.0
        self._beside_since = 0.0
        self._shares_since: float | None = None
        self._interrupts: list[Callable[[], None]] = []
        self._is_stopped = self._is_aside = False

    @property
    def seconds(self) -> float:
        """For how long it has computed, or waited for what it asked the warehouse.

        Time in which several wait for the warehouse is shared among them; what one waits for another is not its own.
        """
        if not self._began:
            return 0.0
        now = self._turns.clock()
        share, since = self._share, self._shares_since
        if since is not None:
            share += self._turns.sharing() - since
        return self._computed(now) + share

    def stop(self) -> None:
        """Let what runs end with GivenUp, a statement of the warehouse at once."""
        # first: a statement that begins just now is among those interrupted here, or sees this (see _interrupted_by)
        self._is_stopped = True
        for interrupt in tuple(self._interrupts):
            with suppress(Exception):  # a statement that is over just now
                interrupt()

    def __enter__(self) -> Self:
        self._thread, self._began = get_ident(), self._turns.clock()
        self._outside = _TURN.set(self)
        try:
            self._take()
        except BaseException:  # Ctrl-C in the wait: what is not entered is not left either
            _TURN.reset(self._outside)
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        _TURN.reset(self._outside)
        self._turns.hand_on(self)

    def pause(self) -> None:
        """Let others go first who have computed less, once its time is over. Raises GivenUp."""
        # a thread of a pool runs in the context of who asks: it has no turn of its own to hand on
        if self._is_aside or self._thread != get_ident():
            return
        self._refuse_stopped()
        if self._turns.is_over(self):
            self._turns.hand_on(self)
            self._take()

    def _computed(self, now: float) -> float:
        # never both: who comes back from aside waits for its turn only then
        since = self._waits_since or self._beside_since
        return now - self._began - self._waited - self._beside - (now - since if since else 0.0)

    @contextmanager
    def aside(self, interrupt: Callable[[], None] | None, for_another: bool) -> Iterator[None]:
        """Let others compute while this one waits for something; `interrupt` ends that early. Raises GivenUp.

        What begins within is done as a whole: there are no pauses.
        """
        if self._thread != get_ident():
            with self._interrupted_by(interrupt):
                yield
        elif self._is_aside:
            # its interrupt is left out: what is done as a whole is not ended in the middle
            yield
        else:
            with self._interrupted_by(interrupt):
                self._is_aside = True
                self._leave(for_another)
                self._turns.hand_on(self)
                try:
                    yield
                finally:
                    # before _take: from here on it waits for its turn, which counts otherwise
                    self._come_back()
                    self._take()
                    self._is_aside = False
                    # last: GivenUp takes the place of the error that an interrupted statement ends with
                    self._refuse_stopped()

    def _leave(self, for_another: bool) -> None:
        self._beside_since = self._turns.clock()
        if not for_another:
            self._shares_since = self._turns.sharing(1)

    def _come_back(self) -> None:
        since, self._shares_since = self._shares_since, None
        if since is not None:
            self._share += self._turns.sharing(-1) - since
        # before the moment is forgotten: who looks in between sees it twice, as if it had computed less, and never more
        self._beside += self._turns.clock() - self._beside_since
        self._beside_since = 0.0

    @contextmanager
    def _interrupted_by(self, interrupt: Callable[[], None] | None) -> Iterator[None]:
        if interrupt is None:
            yield
            return
        # before the look: a stop from another thread comes too early and is seen, or finds the interrupt
        self._interrupts.append(interrupt)
        try:
            self._refuse_stopped()
            yield
        finally:
            self._interrupts.remove(interrupt)

    def _refuse_stopped(self) -> None:
        if self._is_stopped:
            raise GivenUp from None

    def _take(self) -> None:
        since = self._waits_since = self._turns.clock()
        # without a limit: who computes hands on at its next pause, when it goes aside, or at its end
        if not self._turns.is_taken(self):
            try:
                self._is_next.wait()
            except BaseException:  # Ctrl-C: if it stayed in the queue, all others would wait for it one day
                self._turns.leave(self)
                raise
            self._is_next.clear()
        self._waited += self._turns.clock() - since
        self._waits_since = 0.0  # last: who looks meanwhile must not count the wait as computing

    def is_of(self, turns: Turns) -> bool:
        """Return whether it is one of these turns, and of this thread."""
        return self._turns is turns and self._thread == get_ident()

    def go(self) -> None:
        """Compute: it is its turn."""
        self._is_next.set()

    def place(self, now: float) -> float:
        """Its place in the queue: who has computed least goes first, and who has waited long.

        What it waited for aside is no computing: else who needs what a long one reads would come after all long ones.
        """
        waits = now - self._waits_since if self._waits_since else 0.0
        return self._computed(now) - _PATIENCE * waits


class Turns:
    """Who computes now, and who waits for it."""

    def __init__(self, quantum_seconds: float = QUANTUM_SECONDS, clock: Clock = time.monotonic) -> None:
        self.clock = clock
        self._quantum = quantum_seconds
        self._lock = Lock()
        self._computes: Turn | None = None
        self._since = 0.0
        self._waiting: list[Turn] = []
        self._sharing, self._shared, self._shared_since = 0, 0.0, 0.0

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @property
    def waiting_beside(self) -> int:
        """How many wait for what they asked the warehouse."""
        return self._sharing

    def turn(self) -> Turn:
        """Return a new turn, to be entered by the thread that computes."""
        return Turn(self)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Compute within the turn that this thread has, else within a new one."""
        turn = _TURN.get()
        if turn is not None and turn.is_of(self):
            yield
        else:
            with self.turn():
                yield

    def is_taken(self, turn: Turn) -> bool:
        """Return whether it is its turn at once; else it is told later."""
        with self._lock:
            if self._computes is None:
                self._begin(turn)
                return True
            self._waiting.append(turn)
            return False

    def leave(self, turn: Turn) -> None:
        """Let it wait no longer; if it was just told to compute, the next one does."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self.hand_on(turn)

    def hand_on(self, turn: Turn) -> None:
        """Let the next one compute, if this one did."""
        with self._lock:
            # it did not when Ctrl-C tears it out of its wait for a turn
            if self._computes is not turn:
                return
            self._computes = None
            if self._waiting:
                now = self.clock()
                # few wait, and their places change with the time: a queue in order would be wrong a moment later
                following = min(self._waiting, key=lambda waiting: waiting.place(now))
                self._waiting.remove(following)
                self._begin(following)
                following.go()

    def sharing(self, change: int = 0) -> float:
        """Return the time until now as it counts for each who waits for the warehouse: while more do, less.

        `change` tells that one more or less does from now on.
        """
        with self._lock:
            now = self.clock()
            # several wait for one warehouse: it works for each of them at a part of its speed
            self._shared += (now - self._shared_since) / min(max(self._sharing, 1), _MOST_SHARING)
            self._shared_since = now
            self._sharing += change
            return self._shared

    def is_over(self, turn: Turn) -> bool:
        """Return whether it has computed for long enough while one waits that comes before it."""
        now = self.clock()
        # without the lock: this is asked at every pause, and who comes a moment too late is seen at the next
        if not self._waiting or now - self._since < self._quantum:
            return False
        mine = turn.place(now)
        with self._lock:
            return any(waiting.place(now) <= mine for waiting in self._waiting)

    def _begin(self, turn: Turn) -> None:
        self._computes, self._since = turn, self.clock()


_TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)


def pause() -> None:
    """Let others go first here, where somebody takes turns. Raises GivenUp when nobody waits for it any more."""
    turn = _TURN.get()
    if turn is not None:
        turn.pause()


def parts(items: Iterable[T], holding: int = 1) -> Iterator[list[T]]:
    """Yield the items in lists; others may go first before each. Raises GivenUp.

    `holding` tells how many things each item is: a list is of a thousand things, and of one item at least.

    >>> list(parts("abcde", holding=400))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    left, most = iter(items), max(MOST_AT_ONCE // max(holding, 1), 1)
    while part := list(islice(left, most)):
        pause()
        yield part


def one_by_one(items: Iterable[T]) -> Iterator[T]:
    """Yield the items; others may go first before each thousand of them. Raises GivenUp.

    >>> list(one_by_one("abc"))
    ['a', 'b', 'c']
    """
    return (item for part in parts(items) for item in part)


@contextmanager
def aside(interrupt: Callable[[], None] | None = None, for_another: bool = False) -> Iterator[None]:
    """Let others compute while this thread waits; `interrupt` ends what it waits for. Raises GivenUp.

    What it waits `for_another` is not counted as its own.
    """
    turn = _TURN.get()
    if turn is None:
        yield
    else:
        with turn.aside(interrupt, for_another):
            yield


class once(Generic[T]):
    """A property that is worked out when it is first asked for.

    That of functools holds a lock meanwhile before Python 3.12, for all objects of its class: who waits for it would
    keep the turn that its holder needs. Here two may work it out at the same time; all get what the first one found.
    """

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out, self._name = work_out, work_out.__name__
        self.__doc__ = work_out.__doc__

    @overload
    def __get__(self, owner: None, cls: type) -> Self: ...

    @overload
    def __get__(self, owner: object, cls: type) -> T: ...

    def __get__(self, owner: object | None, cls: type) -> T | Self:
        if owner is None:
            return self
        # there is no __set__, so that what stands in __dict__ is found before this is asked again
        value: T = owner.__dict__.setdefault(self._name, self._work_out(owner))
        return value


class TurnLock:
    """A lock that is waited for aside, so that who holds it can go on; its holder may take it again.

    It is taken by who is given up meanwhile too, so that what ends under it always does; the next pause tells.
    """

    def __init__(self) -> None:
        self._lock = RLock()

    def __enter__(self) -> Self:
        # most are free: a turn is not handed on for those
        if not self._lock.acquire(blocking=False):
            # without an interrupt, aside raises at its end alone: the lock is held by then
            with suppress(GivenUp), aside(for_another=True):
                self._lock.acquire()
        return self

    def __exit__(self, *raised: object) -> None:
        self._lock.release()
