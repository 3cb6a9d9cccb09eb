"""Appends, metadata, deletes and tombstones."""

import json
from concurrent.futures import ThreadPoolExecutor

from harness import Steps, Target, check, equal, events, ids, is_plausible, positions, raises
from kurrentdbclient import KurrentDBClient, NewEvent, StreamState
from kurrentdbclient.exceptions import FailedPreconditionError, NotFoundError, StreamIsDeletedError, WrongCurrentVersionError

ANY, NO_STREAM, EXISTS = StreamState.ANY, StreamState.NO_STREAM, StreamState.EXISTS
LARGE = 200 << 10


def check_writes(steps: Steps, client: KurrentDBClient, target: Target) -> None:
    def name(suffix: str) -> str:
        return f"{target.run}-{suffix}"

    def append(stream: str, new: NewEvent | list[NewEvent], version: int | StreamState = ANY) -> int:
        """A list is appended as a batch."""
        return client.append_to_stream(stream, events=new, current_version=version)

    def one() -> NewEvent:
        return events(1)[0]

    def an_append() -> None:
        stream = name("append")
        written = NewEvent(type="order-placed", data=b'{"n": 1}', metadata=b'{"by": "me"}')
        commit = append(stream, written, NO_STREAM)
        (read,) = client.get_stream(stream)
        equal((read.id, read.type, read.data, read.metadata), (written.id, written.type, written.data, written.metadata))
        equal((read.stream_name, read.stream_position, read.content_type), (stream, 0, "application/json"))
        equal(read.commit_position, commit)
        check(is_plausible(read.recorded_at), f"written at {read.recorded_at}")
        append(stream, one(), EXISTS)
        equal(client.get_current_version(stream), 1)

    def a_batch() -> None:
        stream = name("batch")
        binary = NewEvent("scanned", b"\x00\xff\x80", b"\x01\xff", "application/octet-stream")
        written = [*events(2), binary]
        commit = append(stream, written, NO_STREAM)
        read = client.get_stream(stream)
        equal(ids(read), ids(written))
        equal((read[2].data, read[2].metadata, read[2].content_type), (binary.data, binary.metadata, binary.content_type))
        equal(read[2].commit_position, commit)
        append(stream, events(600), 2)
        equal(positions(client.get_stream(stream)), list(range(603)))

    def many_at_once() -> None:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda n: append(name(f"at-once-{n % 4}"), events(25)), range(20)))
        for n in range(4):
            read = client.get_stream(name(f"at-once-{n}"))
            equal(positions(read), list(range(125)))
            equal(len(set(ids(read))), 125)

    def retry(stream: str, batches: list[list[NewEvent]], is_batch: bool) -> None:
        writes = list(zip(batches, (NO_STREAM, len(batches[0]) - 1, ANY), strict=True))
        form = (lambda batch: batch) if is_batch else (lambda batch: batch[0])
        results = [append(stream, form(batch), version) for batch, version in writes]
        equal([append(stream, form(batch), version) for batch, version in writes], results)
        equal(ids(client.get_stream(stream)), ids(sum(batches, [])))

    def conflict(stream: str, form: type) -> None:
        def new() -> NewEvent | list[NewEvent]:
            return one() if form is NewEvent else [one()]

        missing = raises(WrongCurrentVersionError, lambda: append(stream, new(), 3))
        equal((missing.stream_name, missing.actual_version), (stream, NO_STREAM))
        raises(WrongCurrentVersionError, lambda: append(stream, new(), EXISTS))
        append(stream, new(), NO_STREAM)
        append(stream, new(), 0)
        stale = raises(WrongCurrentVersionError, lambda: append(stream, new(), 0))
        equal((stale.stream_name, stale.actual_version, stale.expected_version), (stream, 1, 0))
        exists = raises(WrongCurrentVersionError, lambda: append(stream, new(), NO_STREAM))
        equal(exists.actual_version, 1)

        def race(_: int) -> bool:
            try:
                append(stream, new(), 1)
            except WrongCurrentVersionError:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            equal(sum(threads.map(race, range(4))), 1, "winners of a race")
        equal(len(client.get_stream(stream)), 3)

    def large() -> None:
        stream = name("large")
        text = NewEvent("large", json.dumps("ü" * (LARGE // 6)).encode())
        binary = NewEvent("large", b"\x01\xff" * (LARGE // 2), b"\x07" * 1000, "application/octet-stream")
        for _ in range(2):
            append(stream, text, NO_STREAM)
            append(stream, [binary], 0)
        in_all = client.read_all(filter_include=[stream], filter_by_stream_name=True)
        for read in (client.get_stream(stream), tuple(in_all)):
            equal(ids(read), ids([text, binary]))
            check(read[0].data == text.data, f"the text has {len(read[0].data)} bytes")
            check(read[1].data == binary.data, f"there are {len(read[1].data)} bytes")
            equal(read[1].metadata, binary.metadata)

    def unicode() -> None:
        stream = name("bestellung-ÄÖ-注文-🛒 100%")
        written = NewEvent("created", '{"text":"Grüße 🛒"}'.encode())
        append(stream, written, NO_STREAM)
        (read,) = client.get_stream(stream)
        equal((read.stream_name, read.data), (stream, written.data))
        equal(raises(WrongCurrentVersionError, lambda: append(stream, one(), 7)).stream_name, stream)
        prefix = [name("bestellung-ÄÖ-注")]
        found = client.read_all(filter_include=prefix, filter_by_stream_name=True, filter_by_prefix=True)
        equal(ids(found), [written.id])
        client.set_stream_metadata(stream, metadata={"$maxCount": 5, "farbe": "grün"})
        equal(client.get_stream_metadata(stream)[0], {"$maxCount": 5, "farbe": "grün"})
        wrong = raises(WrongCurrentVersionError, lambda: client.delete_stream(stream, current_version=7))
        equal(wrong.stream_name, stream)
        client.tombstone_stream(stream, current_version=0)
        raises(StreamIsDeletedError, lambda: client.get_stream(stream))

    def metadata() -> None:
        stream = name("metadata")
        equal(client.get_stream_metadata(stream), ({}, NO_STREAM))
        written = {"$maxCount": 3, "$maxAge": 86_400, "$acl": {"$r": ["$all"]}, "color": "grün", "nested": [1, None]}
        client.set_stream_metadata(stream, metadata=written, current_version=NO_STREAM)
        equal(client.get_stream_metadata(stream), (written, 0))
        again = lambda: client.set_stream_metadata(stream, metadata={}, current_version=NO_STREAM)  # noqa: E731
        raises(WrongCurrentVersionError, again)
        client.set_stream_metadata(stream, metadata={"color": "rot"}, current_version=0)
        equal(client.get_stream_metadata(stream), ({"color": "rot"}, 1))

    def limits() -> None:
        stream = name("limits")
        append(stream, events(10))
        client.set_stream_metadata(stream, metadata={"$maxCount": 3})
        equal(positions(client.get_stream(stream)), [7, 8, 9])
        equal(positions(client.get_stream(stream, backwards=True)), [9, 8, 7])
        equal(positions(client.get_stream(stream, stream_position=8)), [8, 9])
        append(stream, one(), 9)
        equal(positions(client.get_stream(stream)), [8, 9, 10])
        client.set_stream_metadata(stream, metadata={"$tb": 6})
        equal(positions(client.get_stream(stream)), [6, 7, 8, 9, 10])
        client.set_stream_metadata(stream, metadata={"$tb": 6, "$maxCount": 2})
        equal(positions(client.get_stream(stream, backwards=True)), [10, 9])

    def delete() -> None:
        stream = name("deleted")
        raises(NotFoundError, lambda: client.delete_stream(stream, current_version=0))
        append(stream, events(3))
        wrong = raises(WrongCurrentVersionError, lambda: client.delete_stream(stream, current_version=7))
        equal((wrong.stream_name, wrong.expected_version, wrong.actual_version), (stream, 7, 2))
        client.delete_stream(stream, current_version=2)
        for backwards in (False, True):
            raises(NotFoundError, lambda: client.get_stream(stream, backwards=backwards))
        equal(client.get_current_version(stream), NO_STREAM)

    def reopen() -> None:
        for version in (NO_STREAM, ANY, 2):
            stream = name(f"back-{version}")
            append(stream, events(3))
            client.delete_stream(stream, current_version=ANY)
            append(stream, events(2), version)
            equal(positions(client.get_stream(stream)), [3, 4])
            client.delete_stream(stream, current_version=4)
            raises(NotFoundError, lambda: client.get_stream(stream))

    def tombstone() -> None:
        stream = name("tombstoned")
        append(stream, events(3))
        raises(WrongCurrentVersionError, lambda: client.tombstone_stream(stream, current_version=7))
        client.tombstone_stream(stream, current_version=2)
        for action in (
            lambda: client.get_stream(stream),
            lambda: client.get_stream(stream, backwards=True),
            lambda: append(stream, events(2)),
            lambda: append(stream, events(2), NO_STREAM),
            lambda: client.delete_stream(stream, current_version=ANY),
            lambda: client.tombstone_stream(stream, current_version=ANY),
            lambda: client.get_stream_metadata(stream),
        ):
            raises(StreamIsDeletedError, action)
        # The client has no class of its own for this error of an append without a batch.
        for action in (
            lambda: append(stream, one()),
            lambda: append(stream, one(), NO_STREAM),
            lambda: client.set_stream_metadata(stream, metadata={}),
        ):
            error = raises((FailedPreconditionError, StreamIsDeletedError), action)
            check("is deleted" in str(error), f"seen: {error}")
        client.tombstone_stream(name("unborn"), current_version=NO_STREAM)
        raises(StreamIsDeletedError, lambda: append(name("unborn"), events(2)))

    steps.step("append", an_append)
    steps.step("batch append", a_batch)
    steps.step("many batches at once", many_at_once)
    steps.step("idempotent retry of an append", lambda: retry(name("retry"), [[one()], [one()], [one()]], False))
    steps.step("conflict of an append", lambda: conflict(name("conflict"), NewEvent))
    batches = [events(2), events(3), events(1)]
    steps.step("idempotent retry of an append in a batch", lambda: retry(name("retry-batch"), batches, True))
    steps.step("conflict of an append in a batch", lambda: conflict(name("conflict-batch"), list))
    steps.step("large event", large)
    steps.step("unicode stream names", unicode)
    steps.step("metadata", metadata)
    steps.step("metadata limits what is read", limits)
    steps.step("delete", delete)
    steps.step("a deleted stream comes back and goes on counting", reopen)
    steps.step("tombstone is for good", tombstone)
