// Reads of a stream and of everything, both ways, with and without a filter.

import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
} from "@kurrent/kurrentdb-client";
import { all, check, equal, events, ids, raises } from "./harness.mjs";

const COUNT = 1_500;

export async function checkReads(steps, client, target) {
  const name = (suffix) => `${target.run}-${suffix}`;

  await steps.step("stream read both ways", async () => {
    const stream = name("long");
    const batch = events(COUNT);
    const written = ids(batch);
    await client.appendToStream(stream, batch);
    const read = async (options) => ids(await all(client.readStream(stream, options)));
    const reversed = [...written].reverse();
    equal(await read(), written);
    equal(await read({ direction: BACKWARDS, fromRevision: END }), reversed);
    equal(await read({ fromRevision: 700n, maxCount: 3 }), written.slice(700, 703));
    equal(await read({ direction: BACKWARDS, fromRevision: 700n, maxCount: 3 }), [written[700], written[699], written[698]]);
    equal(await read({ direction: BACKWARDS, fromRevision: 1n }), [written[1], written[0]]);
    equal(await read({ fromRevision: BigInt(COUNT) }), []);
    equal(await read({ fromRevision: START, maxCount: 1 }), written.slice(0, 1));
  });

  await steps.step("stream that does not exist", async () => {
    for (const options of [{ direction: FORWARDS }, { direction: BACKWARDS, fromRevision: END }]) {
      const error = await raises(StreamNotFoundError, () => all(client.readStream(name("missing"), options)));
      equal(error.streamName, name("missing"));
    }
  });

  await steps.step("$all read both ways", async () => {
    const stream = name("all");
    const written = ids(await appended(client, stream, 40));
    const filter = streamNameFilter({ prefixes: [stream] });
    const read = await all(client.readAll({ filter }));
    equal(ids(read), written);
    equal(ids(await all(client.readAll({ filter, direction: BACKWARDS, fromPosition: END }))), [...written].reverse());
    // Forwards from a position begins there; backwards begins before it.
    const { position } = read[20];
    const onwards = await all(client.readAll({ fromPosition: position, maxCount: 3 }));
    equal(onwards[0].id, written[20]);
    equal(onwards.length, 3);
    const before = await all(client.readAll({ fromPosition: position, direction: BACKWARDS, maxCount: 3 }));
    check(before.every((event) => event.position.commit < position.commit), "backwards includes the position");
    const ours = await all(client.readAll({ filter, fromPosition: position, direction: BACKWARDS, maxCount: 2 }));
    equal(ids(ours), [written[19], written[18]]);
    const whole = await all(client.readAll());
    const positions = whole.map((event) => event.position.commit);
    check(positions.every((at, n) => n === 0 || at > positions[n - 1]), "positions do not ascend");
    const back = await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 100 }));
    equal(ids(back), ids(whole).reverse().slice(0, 100));
  });

  await steps.step("$all filtered", async () => {
    const [placed, paid] = [name("type-placed"), name("type-paid")];
    const [keep, skip] = [name("keep-1"), name("skip-1")];
    const inKeep = [...events(2, placed), ...events(2, paid)];
    const inSkip = [...events(2, placed), ...events(2, paid)];
    await client.appendToStream(keep, inKeep);
    await client.appendToStream(skip, inSkip);
    await client.setStreamMetadata(keep, { maxCount: 100 });
    const both = ids([...inKeep, ...inSkip]);
    const cases = [
      ["type prefix", eventTypeFilter({ prefixes: [placed] }), ids([...inKeep.slice(0, 2), ...inSkip.slice(0, 2)])],
      ["type prefixes", eventTypeFilter({ prefixes: [placed, paid] }), both],
      ["type regex", eventTypeFilter({ regex: `^${target.run}-type-.*d$` }), both],
      ["stream prefixes", streamNameFilter({ prefixes: [keep, name("nothing")] }), ids(inKeep)],
      ["stream regex", streamNameFilter({ regex: `^${target.run}-(keep|skip)-\\d$` }), both],
      ["stream regex that looks ahead", streamNameFilter({ regex: `^${target.run}-(?!skip|type)k.*$` }), ids(inKeep)],
    ];
    for (const [what, filter, expected] of cases) {
      equal(ids(await all(client.readAll({ filter }))), expected, `${what}, forwards`);
      const back = await all(client.readAll({ filter, direction: BACKWARDS, fromPosition: END }));
      equal(ids(back), [...expected].reverse(), `${what}, backwards`);
    }
    const noSystem = await all(client.readAll({ filter: excludeSystemEvents() }));
    check(noSystem.length >= 8 && noSystem.every((event) => !event.type.startsWith("$")), "system events are not left out");
    check((await all(client.readAll())).some((event) => event.type === "$metadata"), "there is no $metadata to leave out");
  });
}

async function appended(client, stream, count) {
  const written = events(count);
  for (let n = 0; n < count; n += 4) {
    await client.appendToStream(stream, written.slice(n, n + 4));
    await client.appendToStream(`other-${stream}`, events(1));
  }
  return written;
}
