"""Reads of a stream and of everything, both ways, with and without a filter."""

from harness import Steps, Target, check, equal, events, ids, raises
from kurrentdbclient import KurrentDBClient, StreamState
from kurrentdbclient.exceptions import NotFoundError

ANY = StreamState.ANY
COUNT = 1_500


def check_reads(steps: Steps, client: KurrentDBClient, target: Target) -> None:
    def name(suffix: str) -> str:
        return f"{target.run}-{suffix}"

    def both_ways() -> None:
        stream = name("long")
        batch = events(COUNT)
        client.append_to_stream(stream, events=batch, current_version=ANY)
        written = ids(batch)

        def read(**options: object) -> list[object]:
            return ids(client.get_stream(stream, **options))

        equal(read(), written)
        equal(read(backwards=True), written[::-1])
        equal(read(stream_position=700, limit=3), written[700:703])
        equal(read(stream_position=700, limit=3, backwards=True), [written[700], written[699], written[698]])
        equal(read(stream_position=1, backwards=True), [written[1], written[0]])
        equal(read(stream_position=COUNT), [])
        with client.read_stream(stream, limit=2) as response:
            equal(ids(response), written[:2])

    def missing() -> None:
        for backwards in (False, True):
            raises(NotFoundError, lambda: client.get_stream(name("missing"), backwards=backwards))
        equal(client.get_current_version(name("missing")), StreamState.NO_STREAM)

    def everything() -> None:
        stream = name("all")
        batch = events(40)
        for n in range(0, 40, 4):
            client.append_to_stream(stream, events=batch[n : n + 4], current_version=ANY)
            client.append_to_stream(f"other-{stream}", events=events(1), current_version=ANY)
        written = ids(batch)
        ours = {"filter_include": [stream], "filter_by_stream_name": True}
        read = list(client.read_all(**ours))
        equal(ids(read), written)
        equal(ids(client.read_all(backwards=True, **ours)), written[::-1])
        # Forwards from a position begins there; backwards begins before it.
        position = read[20].commit_position
        onwards = list(client.read_all(commit_position=position, limit=3))
        equal((onwards[0].id, len(onwards)), (written[20], 3))
        before = list(client.read_all(commit_position=position, backwards=True, limit=3))
        check(all(event.commit_position < position for event in before), "backwards includes the position")
        back = client.read_all(commit_position=position, backwards=True, limit=2, **ours)
        equal(ids(back), [written[19], written[18]])
        for options in ({}, {"filter_exclude": ()}):
            whole = list(client.read_all(**options))
            commits = [event.commit_position for event in whole]
            check(commits == sorted(set(commits)), "positions do not ascend")
            equal(ids(client.read_all(backwards=True, limit=100, **options)), ids(whole)[::-1][:100])
            equal(client.get_commit_position(**options), commits[-1])

    def filtered() -> None:
        placed, paid = name("type-placed"), name("type-paid")
        keep, skip = name("keep-1"), name("skip-1")
        in_keep = [*events(2, placed), *events(2, paid)]
        in_skip = [*events(2, placed), *events(2, paid)]
        client.append_to_stream(keep, events=in_keep, current_version=ANY)
        client.append_to_stream(skip, events=in_skip, current_version=ANY)
        client.set_stream_metadata(keep, metadata={"$maxCount": 100})
        both, all_placed = in_keep + in_skip, in_keep[:2] + in_skip[:2]
        by_stream = {"filter_by_stream_name": True}
        by_prefix = {"filter_by_prefix": True}
        for what, options, expected in (
            ("type prefix", {"filter_include": [placed], **by_prefix}, all_placed),
            ("type prefixes", {"filter_include": [placed, paid], **by_prefix}, both),
            ("type regex", {"filter_include": [f"{target.run}-type-.*d"]}, both),
            ("stream prefixes", {"filter_include": [keep, name("nothing")], **by_stream, **by_prefix}, in_keep),
            ("stream regex", {"filter_include": [rf"{target.run}-(keep|skip)-\d"], **by_stream}, both),
            ("stream regex that looks ahead", {"filter_include": [rf"{target.run}-(?!skip|type)k.*"], **by_stream}, in_keep),
        ):
            equal(ids(client.read_all(**options)), ids(expected), f"{what}, forwards")
            equal(ids(client.read_all(backwards=True, **options)), ids(expected)[::-1], f"{what}, backwards")
        # What is left out is sent as an expression that looks ahead.
        kept = list(client.read_all(filter_exclude=[rf"{target.run}-skip-.*"], **by_stream))
        check(set(ids(in_keep)) <= set(ids(kept)) and not set(ids(in_skip)) & set(ids(kept)), "a stream left out")
        unpaid = list(client.read_all(filter_exclude=[paid, r"\$.*"]))
        check(set(ids(all_placed)) <= set(ids(unpaid)), "what is not left out is missing")
        check(not any(event.type == paid or event.is_system_event for event in unpaid), "a type left out is there")
        check(not any(event.is_system_event for event in client.read_all()), "system events are not left out")
        check(any(event.type == "$metadata" for event in client.read_all(filter_exclude=())), "there is no $metadata")

    steps.step("stream read both ways", both_ways)
    steps.step("stream that does not exist", missing)
    steps.step("$all read both ways", everything)
    steps.step("$all filtered", filtered)
