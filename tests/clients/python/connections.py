"""Finding a server by what it says of itself, and proving who calls."""

from harness import Following, Steps, Target, check, equal, events, raises
from kurrentdbclient import KurrentDBClient, StreamState
from kurrentdbclient.exceptions import GrpcError, KurrentDBClientError, ServiceUnavailableError

ANY = StreamState.ANY


def check_connections(steps: Steps, target: Target, mode: str) -> None:
    def stream(suffix: str) -> str:
        return f"{target.run}-{suffix}"

    host, _, port = target.host.rpartition(":")
    forms = {
        "discovery URL": {"scheme": "kurrentdb+discover"},
        "URL of several hosts": {"host": f"{target.host},{target.host}"},
        "URL of several hosts, one of them down": {"host": f"{host}:1,{target.host}"},
    }

    def gossip(form: str) -> None:
        with KurrentDBClient(target.url(**forms[form])) as client:
            (member,) = client.read_gossip()
            equal((member.state, member.address, member.port), ("NODE_STATE_LEADER", host, int(port)))
            if mode == "plain":
                client.append_to_stream(stream(form), events=events(2), current_version=StreamState.NO_STREAM)
                equal(len(client.get_stream(stream(form))), 2)
            equal(len(tuple(client.read_all(limit=1))), 1)
            following = Following(client.subscribe_to_all())
            following.until_events(1)
            following.end()

    def refused(user: str) -> str:
        seen = set()
        with KurrentDBClient(target.url(user=user)) as client:
            for action in (
                lambda: client.append_to_stream(stream("refused"), events=events(1)[0], current_version=ANY),
                lambda: client.append_to_stream(stream("refused"), events=events(2), current_version=ANY),
                lambda: client.get_stream(stream("refused")),
                lambda: tuple(client.read_all(limit=1)),
                lambda: client.delete_stream(stream("refused"), current_version=ANY),
                lambda: Following(client.subscribe_to_all()).until_caught_up(),
            ):
                seen.add(type(raises(KurrentDBClientError, action)))
            check(not seen & {GrpcError, ServiceUnavailableError}, f"seen: {seen}")
            given = client.construct_call_credentials(target.username, target.password)
            client.append_to_stream(stream(f"let in {user}"), events=events(1), current_version=ANY, credentials=given)
        return ", ".join(sorted(error.__name__ for error in seen))

    def untrusted() -> str:
        with KurrentDBClient(target.url(query="")) as client:
            action = lambda: client.append_to_stream(stream("untrusted"), events=events(1), current_version=ANY)  # noqa: E731
            return type(raises(ServiceUnavailableError, action)).__name__

    for form in forms:
        steps.step(f"gossip: {form}", lambda: gossip(form))
    if target.username and target.is_secure and mode == "plain":
        # Over TLS the client insists on some credentials; in the clear it never sends any.
        strangers = {
            "a wrong password": f"{target.username}:{target.password}x@",
            "an unknown user": f"{target.username}x:{target.password}@",
        }
        for who, user in strangers.items():
            steps.step(f"refused with {who}", lambda: refused(user))
        steps.step("a certificate that is not trusted", untrusted)
