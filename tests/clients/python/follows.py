"""Subscriptions: they catch up, go live, give checkpoints, and go on from where they were."""

from collections.abc import Callable

from harness import Following, Steps, Target, check, equal, events, ids
from kurrentdbclient import KurrentDBClient, NewEvent, RecordedEvent, StreamState

ANY = StreamState.ANY


def check_following(steps: Steps, client: KurrentDBClient, target: Target) -> None:
    def name(suffix: str) -> str:
        return f"{target.run}-{suffix}"

    def append(stream: str, new: list[NewEvent]) -> list[NewEvent]:
        client.append_to_stream(stream, events=new, current_version=ANY)
        return new

    def to_stream(stream: str, **options: object) -> Following:
        return Following(client.subscribe_to_stream(stream, include_caught_up=True, **options))

    def to_all(**options: object) -> Following:
        return Following(client.subscribe_to_all(include_caught_up=True, include_checkpoints=True, **options))

    def a_stream() -> None:
        stream = name("followed")
        written = append(stream, events(300))
        following = to_stream(stream)
        following.until_caught_up()
        ((after, caught_up),) = following.caught_up
        equal((after, caught_up.stream_position), (300, 299))
        live = [append(stream, events(1))[0] for _ in range(3)]
        following.until_events(303)
        equal(ids(following.events), ids(written + live))
        following.end()
        equal(ids(to_stream(stream, stream_position=250).to_the_end()), ids(written[251:] + live))
        from_end = to_stream(stream, from_end=True)
        last = append(stream, events(1))
        from_end.until_events(1)
        equal(ids(from_end.events), ids(last))
        from_end.end()

    def a_later_stream() -> None:
        following = to_stream(name("later"))
        following.until_caught_up()
        written = append(name("later"), events(2))
        following.until_events(2)
        equal(ids(following.events), ids(written))
        following.end()

    def everything() -> None:
        stream = name("everything")
        for options in ({}, {"filter_exclude": ()}):
            written = append(stream, events(50))
            following = to_all(**options)
            following.until_caught_up()
            live = append(stream, events(2))
            following.until(lambda: bool(following.events) and following.events[-1].id == live[1].id)
            following.end()
            ours = [event for event in following.events if event.stream_name == stream]
            equal(ids(ours)[-52:], ids(written + live))
            following.check_checkpoints()
            resumed = to_all(commit_position=ours[-42].commit_position, **options).to_the_end()
            equal(ids(event for event in resumed if event.stream_name == stream), ids(ours)[-41:])
            from_end = to_all(from_end=True, **options)
            last = append(stream, events(1))
            from_end.until_events(1)
            equal(ids(from_end.events), ids(last))
            from_end.end()

    def checkpoints() -> str:
        wanted, other = name("wanted"), name("unwanted")
        matching: list[NewEvent] = []

        def write(rounds: int) -> None:
            for n in range(rounds):
                matching.extend(append(f"{wanted}-{n}", events(2)))
                append(other, events(3))

        def follow(position: int | None = None) -> Following:
            return to_all(
                commit_position=position,
                filter_include=[wanted],
                filter_by_stream_name=True,
                filter_by_prefix=True,
                window_size=4,
                checkpoint_interval_multiplier=2,
            )

        write(20)
        following = follow()
        following.until_caught_up()
        equal(following.caught_up[0][0], len(matching))
        before = len(following.checkpoints)
        check(before >= 100 // 8, f"only {before} checkpoints")
        # Live, checkpoints go on, even if nothing matches.
        append(other, events(40))
        following.until(lambda: len(following.checkpoints) >= before + 4)
        write(5)
        following.until_events(len(matching))
        following.end()
        equal(ids(following.events), ids(matching))
        following.check_checkpoints()
        # Written while nobody follows.
        write(2)
        found = following.checkpoints
        chosen = [found[n] for n in (0, 1, len(found) // 2, -2, -1)]
        for position, after in chosen:
            resumed = follow(position)
            equal(ids(resumed.to_the_end()), ids(matching)[after:], f"resumed from {position}")
            resumed.check_checkpoints()
        return f"{len(found)} checkpoints, resumed from {len(chosen)}"

    def filtered() -> None:
        placed, paid = name("live-placed"), name("live-paid")
        kept, skipped = name("live-kept"), name("live-skipped")
        written: list[tuple[str, NewEvent]] = []

        def write(stream: str, new: list[NewEvent]) -> None:
            written.extend((stream, event) for event in append(stream, new))

        def write_all() -> None:
            for stream in (kept, skipped):
                write(stream, [*events(2, placed), *events(2, paid)])

        def is_ours(event: RecordedEvent) -> bool:
            return event.stream_name in (kept, skipped)

        write_all()
        client.set_stream_metadata(kept, metadata={"$maxCount": 1_000})
        by_stream = {"filter_by_stream_name": True}
        lookahead = rf"(?!.*-skipped$){target.run}-live-.*"
        cases: list[tuple[str, dict, str, Callable[[str, NewEvent], bool]]] = [
            ("type prefix", {"filter_include": [placed], "filter_by_prefix": True}, placed, lambda _, e: e.type == placed),
            ("type regex", {"filter_include": [rf"{target.run}-live-(?!placed).*"]}, paid, lambda _, e: e.type == paid),
            ("stream regex", {"filter_include": [lookahead], **by_stream}, paid, lambda stream, _: stream == kept),
            ("stream left out", {"filter_exclude": [skipped], **by_stream}, paid, lambda stream, _: stream == kept),
            ("type left out", {"filter_exclude": [paid, r"\$.+"]}, placed, lambda _, e: e.type == placed),
            ("no system events", {}, paid, lambda *_: True),
        ]
        for what, options, kind, matches in cases:
            following = to_all(**options)
            following.until_caught_up()
            write_all()
            last = events(1, kind)
            write(kept, last)
            following.until(lambda: bool(following.events) and following.events[-1].id == last[0].id)
            following.end()
            has_system = any(event.is_system_event for event in following.events)
            check(not has_system or what == "stream left out", f"{what}: a system event passed")
            # Without our name in what is included, others pass too.
            seen = following.events if "filter_include" in options else filter(is_ours, following.events)
            equal(ids(seen), ids(event for stream, event in written if matches(stream, event)), what)

    steps.step("subscription to a stream catches up and goes live", a_stream)
    steps.step("subscription to a stream that does not exist yet", a_later_stream)
    steps.step("subscription to $all catches up and goes live", everything)
    steps.step("filtered subscription to $all with checkpoints", checkpoints)
    steps.step("subscription filtered by type and by expression", filtered)
