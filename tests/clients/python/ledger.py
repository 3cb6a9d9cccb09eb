"""A ledger: read and followed, never written."""

import json

from harness import Following, Steps, check, equal, events, ids, is_plausible, positions, raises
from kurrentdbclient import KurrentDBClient, RecordedEvent, StreamState
from kurrentdbclient.exceptions import AccessDeniedError

ANY = StreamState.ANY
SECONDS = 300
ORDERS = "order-"


def check_ledger(steps: Steps, client: KurrentDBClient, expected_events: int, expected_order_events: int) -> None:
    """The ledger must have so many events, and so many of them in streams of orders."""
    whole: list[RecordedEvent] = []
    orders: list[RecordedEvent] = []

    def read_all() -> str:
        whole.extend(client.read_all())
        orders.extend(event for event in whole if event.stream_name.startswith(ORDERS))
        equal((len(whole), len(orders)), (expected_events, expected_order_events), "events, and those of orders")
        commits = [event.commit_position for event in whole]
        check(commits == sorted(set(commits)), "positions do not ascend")
        equal(len(set(ids(whole))), len(whole))
        return f"{len(whole)} events"

    def times() -> str:
        odd = [event.recorded_at for event in whole if not is_plausible(event.recorded_at)]
        check(whole and not odd, f"written at {odd[:1]}")
        return f"{whole[0].recorded_at.isoformat()} to {whole[-1].recorded_at.isoformat()}"

    def backwards() -> None:
        equal(list(client.read_all(backwards=True, limit=100)), whole[-100:][::-1])

    def one_order() -> str:
        stream = orders[0].stream_name
        in_all = [event for event in whole if event.stream_name == stream]
        forwards = list(client.get_stream(stream))
        equal(forwards, in_all)
        equal(positions(forwards), list(range(len(forwards))))
        check(all(isinstance(json.loads(event.data), dict) for event in forwards), "the data is not JSON")
        equal(list(client.get_stream(stream, backwards=True)), in_all[::-1])
        return f"{stream} has {len(in_all)} events"

    def by_type() -> str:
        kind = orders[0].type
        read = list(client.read_all(filter_include=[kind]))
        equal(ids(read), ids(event for event in whole if event.type == kind))
        return f"{len(read)} of {kind}"

    def follow() -> str:
        def start(position: int | None = None) -> Following:
            subscription = client.subscribe_to_all(
                commit_position=position,
                filter_include=[ORDERS],
                filter_by_stream_name=True,
                filter_by_prefix=True,
                include_checkpoints=True,
                include_caught_up=True,
                window_size=32,
                checkpoint_interval_multiplier=max(1, expected_events >> 9),
            )
            return Following(subscription)

        following = start()
        equal(ids(following.to_the_end()), ids(orders))
        check(following.checkpoints, "there are no checkpoints")
        following.check_checkpoints()
        beyond = [position for position, _ in following.checkpoints if position > whole[-1].commit_position]
        equal(beyond, [], "checkpoints beyond the end")
        position, after = following.checkpoints[len(following.checkpoints) // 2]
        equal(ids(start(position).to_the_end()), ids(orders)[after:])
        return f"{len(following.events)} events, {len(following.checkpoints)} checkpoints"

    def unchanged() -> None:
        equal(list(client.read_all(backwards=True, limit=1)), whole[-1:])

    steps.step("$all read from the start", read_all, SECONDS)
    steps.step("times of writing", times)
    steps.step("$all read backwards", backwards)
    steps.step("stream of an order both ways", one_order)
    steps.step("$all filtered by type", by_type, SECONDS)
    steps.step("subscription to the orders with checkpoints", follow, SECONDS)
    stream = orders[0].stream_name if orders else f"{ORDERS}1"
    refused = {
        "append": lambda: client.append_to_stream(stream, events=events(1)[0], current_version=ANY),
        "append of many events": lambda: client.append_to_stream(stream, events=events(3), current_version=ANY),
        "append to a new stream": lambda: client.append_to_stream("python-was-here", events=events(1)[0], current_version=ANY),
        "delete": lambda: client.delete_stream(stream, current_version=ANY),
        "tombstone": lambda: client.tombstone_stream(stream, current_version=ANY),
        "metadata": lambda: client.set_stream_metadata(stream, metadata={"$maxCount": 1}),
    }
    for what, action in refused.items():
        steps.step(f"{what} is refused", lambda: type(raises(AccessDeniedError, action)).__name__)
    steps.step("nothing has changed", unchanged)
