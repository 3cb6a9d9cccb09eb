// Finding a server by what it says of itself, and proving who calls.

import { KurrentDBClient, NO_STREAM } from "@kurrent/kurrentdb-client";
import { Following, all, check, equal, events, raises } from "./harness.mjs";

export async function checkConnections(steps, target, mode) {
  const stream = (suffix) => `${target.run}-${suffix}`;
  const connect = (changed) => KurrentDBClient.connectionString(target.with(changed));
  const refusing = `${target.host.split(":")[0]}:1`;
  const forms = [
    ["discovery URL", { scheme: "kurrentdb+discover" }],
    ["URL of several hosts", { host: `${target.host},${target.host}` }],
    ["URL of several hosts, one of them down", { host: `${refusing},${target.host}` }],
  ];
  for (const [form, changed] of forms) {
    await steps.step(`gossip: ${form}`, async () => {
      const client = connect(changed);
      if (mode === "plain") {
        await client.appendToStream(stream(form), events(2), { streamState: NO_STREAM });
        equal((await all(client.readStream(stream(form)))).length, 2);
      }
      equal((await all(client.readAll({ maxCount: 1 }))).length, 1);
      const following = new Following(() => client.subscribeToAll());
      await following.until("an event", () => following.events.length > 0);
      await following.end();
      await client.dispose();
    });
  }
  // Over an insecure connection the client sends none with an append.
  if (!target.credentials || !target.isSecure || mode !== "plain") return;

  const { username, password } = target.credentials;
  const strangers = [
    ["no credentials", ""],
    ["a wrong password", `${username}:${password}x@`],
    ["an unknown user", `${username}x:${password}@`],
  ];
  for (const [who, user] of strangers) {
    await steps.step(`refused with ${who}`, async () => {
      const client = connect({ user });
      const wrong = { username, password: `${password}x` };
      const actions = [
        () => client.appendToStream(stream("refused"), events(1)),
        () => client.appendToStream(stream("refused"), events(1), { credentials: wrong }),
        () => all(client.readStream(stream("refused"))),
        () => all(client.readAll({ maxCount: 1 })),
        () => client.deleteStream(stream("refused")),
        () => new Following(() => client.subscribeToAll()).until("an event", () => false),
      ];
      const seen = new Set();
      for (const action of actions) seen.add((await raises(Error, action)).constructor.name);
      check(!seen.has("Error") && !seen.has("UnavailableError"), `seen: ${[...seen]}`);
      await client.appendToStream(stream(`let in ${who}`), events(1), { credentials: target.credentials });
      return [...seen].join(", ");
    });
  }
  await steps.step("a certificate that is not trusted", async () => {
    const client = connect({ query: "?defaultDeadline=3000" });
    const error = await raises(Error, () => client.appendToStream(stream("untrusted"), events(1)));
    check(/certificate/.test(error.message), `seen: ${error}`);
  });
}
