"""What the steps share: counting and bounding them, events to append, and a record of what a subscription delivers."""

import json
import re
import signal
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from uuid import UUID, uuid4

from kurrentdbclient import NewEvent, RecordedEvent

STEP_SECONDS = 20
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (2000, 2100))


class Late(BaseException):
    """A step that takes too long; nothing between here and the step catches it."""


class Steps:
    """Runs steps one after the other, prints a line for each, and counts them."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def step(self, name: str, run: Callable[[], str | None], seconds: int = STEP_SECONDS) -> bool:
        """Runs one step; what it returns is added to its line. Whether it passed."""

        def late(*_: object) -> None:
            raise Late(f"not done after {seconds} s")

        signal.signal(signal.SIGALRM, late)
        signal.alarm(seconds)
        try:
            note = run()
        except (Exception, Late) as error:
            signal.alarm(0)
            self.failed += 1
            where = traceback.extract_tb(error.__traceback__)
            lines = ", ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in where[1:])
            print(f"failed: {name}: {type(error).__name__}: {error} ({lines})", flush=True)
            return False
        signal.alarm(0)
        self.passed += 1
        print(f"ok: {name}: {note}" if note else f"ok: {name}", flush=True)
        return True

    def finish(self) -> int:
        """Prints the sum; the exit code."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if self.failed == 0 and self.passed > 0 else 1


class Target:
    """A server's URL and the parts of it, and a prefix of stream names that nobody else uses."""

    def __init__(self, url: str) -> None:
        self.run = f"python-{uuid4()}"
        parts = re.match(r"^\w+://(?:([^:@]+):([^@]+)@)?([^/?]+)/?(\?.*)?$", url)
        check(parts, f"{url} is not kurrentdb://[user:password@]host:port[?options]")
        self.username, self.password, self.host, query = parts.groups()
        self.query = query or ""
        self.is_secure = "tls=false" not in self.query.lower()

    def url(self, *, scheme: str = "kurrentdb", user: str | None = None, host: str = "", query: str | None = None) -> str:
        """The URL with something replaced."""
        if user is None:
            user = f"{self.username}:{self.password}@" if self.username else ""
        return f"{scheme}://{user}{host or self.host}{self.query if query is None else query}"


class Following:
    """What a subscription delivers: its events, after how many of them there were checkpoints, and when it caught up."""

    def __init__(self, subscription: Iterable[RecordedEvent]) -> None:
        self.subscription = subscription
        self.events: list[RecordedEvent] = []
        self.checkpoints: list[tuple[int, int]] = []
        self.caught_up: list[tuple[int, RecordedEvent]] = []

    def until(self, holds: Callable[[], bool]) -> None:
        """Takes what comes until a condition holds."""
        while not holds():
            try:
                item = next(self.subscription)
            except Late as late:
                seen = f"{len(self.events)} events, {len(self.checkpoints)} checkpoints, caught up {len(self.caught_up)} times"
                raise Late(f"{late}; seen: {seen}") from late
            if item.is_checkpoint:
                self.checkpoints.append((item.commit_position, len(self.events)))
            elif item.is_caught_up:
                self.caught_up.append((len(self.events), item))
            else:
                self.events.append(item)

    def until_events(self, count: int) -> None:
        self.until(lambda: len(self.events) >= count)

    def until_caught_up(self) -> None:
        self.until(lambda: bool(self.caught_up))

    def to_the_end(self) -> list[RecordedEvent]:
        """Takes what there was, and ends."""
        self.until_caught_up()
        self.end()
        return self.events

    def end(self) -> None:
        self.subscription.stop()

    def check_checkpoints(self) -> None:
        """No checkpoint goes back, says less than was delivered, or more."""
        at = [event.commit_position for event in self.events]
        check(at == sorted(set(at)), "events do not ascend")
        last = -1
        for position, after in self.checkpoints:
            check(position >= last, f"a checkpoint goes back from {last} to {position}")
            last = position
            before = at[after - 1] if after else -1
            following = at[after] if after < len(at) else last + 1
            check(before <= last < following, f"checkpoint {last} between events at {before} and {following}")


def events(count: int, kind: str = "happened") -> list[NewEvent]:
    """So many events to append."""
    data = [json.dumps({"n": n}).encode() for n in range(count)]
    return [NewEvent(type=kind, data=each, metadata=b'{"from":"python"}') for each in data]


def ids(listed: Iterable[NewEvent | RecordedEvent]) -> list[UUID]:
    return [event.id for event in listed]


def positions(listed: Iterable[RecordedEvent]) -> list[int]:
    return [event.stream_position for event in listed]


def check(holds: object, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def equal(seen: object, expected: object, what: str = "seen") -> None:
    if seen != expected:
        raise AssertionError(f"{what}: {short(seen)}, expected: {short(expected)}")


def short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 500 else f"{text[:500]}… ({len(text)} characters)"


def raises(expected: type[Exception] | tuple[type[Exception], ...], action: Callable[[], object]) -> Exception:
    """The error that an action fails with, which must be of this class."""
    name = getattr(expected, "__name__", expected)
    try:
        action()
    except expected as error:
        return error
    except Exception as error:
        raise AssertionError(f"{name} expected, but it is {type(error).__name__}: {error}") from error
    raise AssertionError(f"{name} expected, but the call succeeded")


def is_plausible(recorded_at: datetime | None) -> bool:
    """Whether a time of writing can be true."""
    return recorded_at is not None and EARLIEST <= recorded_at < LATEST
