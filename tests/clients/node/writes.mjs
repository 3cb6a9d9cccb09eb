// Appends, metadata, deletes and tombstones.

import { randomUUID } from "node:crypto";
import {
  ANY,
  BACKWARDS,
  END,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  binaryEvent,
  jsonEvent,
} from "@kurrent/kurrentdb-client";
import { all, check, equal, events, ids, isPlausible, raises } from "./harness.mjs";

const LARGE = 200 << 10;

export async function checkWrites(steps, client, target) {
  const name = (suffix) => `${target.run}-${suffix}`;
  // Only with credentials for the call does the client append without a batch.
  const single = { credentials: target.anyCredentials };
  const ways = [["append", single], ["batch append", {}]];

  for (const [way, options] of ways) {
    await steps.step(way, async () => {
      const stream = name(way);
      const [json] = events(1, "order-placed");
      const bytes = binaryEvent({ type: "scanned", data: Uint8Array.of(0, 255, 128), metadata: Uint8Array.of(1, 255) });
      const result = await client.appendToStream(stream, [json, bytes], { streamState: NO_STREAM, ...options });
      equal(result.nextExpectedRevision, 1n);
      const read = await all(client.readStream(stream));
      equal(result.position.commit, read[1].position.commit);
      equal(read.map((event) => [event.id, event.type, event.streamId, event.revision, event.isJson]), [
        [json.id, "order-placed", stream, 0n, true],
        [bytes.id, "scanned", stream, 1n, false],
      ]);
      equal(read[0].data, json.data);
      equal(read[0].metadata, json.metadata);
      equal([...read[1].data], [...bytes.data]);
      equal([...read[1].metadata], [...bytes.metadata]);
      check(read.every((event) => isPlausible(event.created)), `written at ${read.map((event) => event.created)}`);
      const more = await client.appendToStream(stream, events(1), { streamState: STREAM_EXISTS, ...options });
      equal(more.nextExpectedRevision, 2n);
    });
  }

  await steps.step("many batches at once", async () => {
    const appends = Array.from({ length: 20 }, (_, n) => client.appendToStream(name(`at-once-${n % 4}`), events(25)));
    await Promise.all(appends);
    for (let n = 0; n < 4; n += 1) {
      const read = await all(client.readStream(name(`at-once-${n}`)));
      equal(read.map((event) => event.revision), Array.from({ length: 125 }, (_, revision) => BigInt(revision)));
      equal(new Set(ids(read)).size, 125);
    }
  });

  for (const [way, options] of ways) {
    await steps.step(`idempotent retry of an ${way === "append" ? way : "append in a batch"}`, async () => {
      const stream = name(`retry-${way}`);
      const [first, second, third] = [events(2), events(3), events(1)];
      const writes = [[first, NO_STREAM], [second, 1n], [third, ANY]];
      const results = [];
      for (const [batch, streamState] of writes) {
        results.push(await client.appendToStream(stream, batch, { streamState, ...options }));
      }
      for (const [n, [batch, streamState]] of writes.entries()) {
        equal(await client.appendToStream(stream, batch, { streamState, ...options }), results[n]);
      }
      equal(ids(await all(client.readStream(stream))), ids([...first, ...second, ...third]));
    });

    await steps.step(`conflict of an ${way === "append" ? way : "append in a batch"}`, async () => {
      const stream = name(`conflict-${way}`);
      const append = (streamState) => client.appendToStream(stream, events(1), { streamState, ...options });
      const missing = await raises(WrongExpectedVersionError, () => append(3n));
      equal([missing.streamName, missing.expectedState, missing.actualState], [stream, 3n, NO_STREAM]);
      await raises(WrongExpectedVersionError, () => append(STREAM_EXISTS));
      await append(NO_STREAM);
      await append(0n);
      const stale = await raises(WrongExpectedVersionError, () => append(0n));
      equal([stale.expectedState, stale.actualState], [0n, 1n]);
      const exists = await raises(WrongExpectedVersionError, () => append(NO_STREAM));
      equal([exists.expectedState, exists.actualState], [NO_STREAM, 1n]);
      const racing = await Promise.allSettled([append(1n), append(1n), append(1n), append(1n)]);
      equal(racing.filter((result) => result.status === "fulfilled").length, 1);
      equal((await all(client.readStream(stream))).length, 3);
    });
  }

  await steps.step("large event", async () => {
    const stream = name("large");
    const text = jsonEvent({ type: "large", data: { text: "ü".repeat(LARGE / 2) } });
    const bytes = binaryEvent({ type: "large", data: Buffer.alloc(LARGE, "\u0001\u00ff"), metadata: Buffer.alloc(1000, 7) });
    await client.appendToStream(stream, [text, bytes], { streamState: NO_STREAM });
    await client.appendToStream(stream, [text, bytes], { streamState: NO_STREAM });
    const filter = { filterOn: "streamName", prefixes: [stream], checkpointInterval: 1 };
    for (const read of [await all(client.readStream(stream)), await all(client.readAll({ filter }))]) {
      equal(ids(read), [text.id, bytes.id]);
      check(read[0].data.text === text.data.text, `the text has ${read[0].data.text?.length} characters`);
      check(Buffer.from(read[1].data).equals(bytes.data), `there are ${read[1].data.length} bytes`);
      equal(read[1].metadata.length, 1000);
    }
  });

  await steps.step("unicode stream names", async () => {
    const stream = name("bestellung-ÄÖ-注文-🛒 100%");
    const written = jsonEvent({ type: "created", data: { text: "Grüße 🛒" }, metadata: { von: "ä" } });
    await client.appendToStream(stream, written, { streamState: NO_STREAM });
    const [read] = await all(client.readStream(stream));
    equal([read.streamId, read.type, read.data, read.metadata], [stream, written.type, written.data, written.metadata]);
    const conflict = await raises(WrongExpectedVersionError, () => client.appendToStream(stream, events(1), { streamState: 7n }));
    equal(conflict.streamName, stream);
    const filter = { filterOn: "streamName", prefixes: [name("bestellung-ÄÖ-注")], checkpointInterval: 1 };
    equal(ids(await all(client.readAll({ filter }))), [written.id]);
    await client.setStreamMetadata(stream, { maxCount: 5 });
    equal((await client.getStreamMetadata(stream)).metadata, { maxCount: 5 });
    await raises(WrongExpectedVersionError, () => client.deleteStream(stream, { expectedRevision: 7n }));
    await client.tombstoneStream(stream);
    const gone = await raises(StreamDeletedError, () => all(client.readStream(stream)));
    equal(gone.streamName, stream);
  });

  await steps.step("metadata", async () => {
    const stream = name("metadata");
    equal(await client.getStreamMetadata(stream), { streamName: stream });
    const metadata = { maxCount: 3, maxAge: 86_400, acl: { readRoles: ["$all"] }, color: "grün", nested: { a: [1, null] } };
    // The client documents `expectedRevision` here, but passes its options on to an append as they are.
    const result = await client.setStreamMetadata(stream, metadata, { streamState: NO_STREAM });
    equal(result.nextExpectedRevision, 0n);
    equal((await client.getStreamMetadata(stream)).metadata, metadata);
    await raises(WrongExpectedVersionError, () => client.setStreamMetadata(stream, {}, { streamState: NO_STREAM }));
    await client.setStreamMetadata(stream, { color: "rot" }, { streamState: 0n });
    equal((await client.getStreamMetadata(stream)).metadata, { color: "rot" });
  });

  await steps.step("metadata limits what is read", async () => {
    const stream = name("limits");
    const written = events(10);
    await client.appendToStream(stream, written);
    const revisions = async (options) => (await all(client.readStream(stream, options))).map((event) => Number(event.revision));
    await client.setStreamMetadata(stream, { maxCount: 3 });
    equal(await revisions(), [7, 8, 9]);
    equal(await revisions({ direction: BACKWARDS, fromRevision: END }), [9, 8, 7]);
    equal(await revisions({ fromRevision: 8n }), [8, 9]);
    await client.appendToStream(stream, events(1), { streamState: 9n });
    equal(await revisions(), [8, 9, 10]);
    await client.setStreamMetadata(stream, { truncateBefore: 6 });
    equal(await revisions(), [6, 7, 8, 9, 10]);
    await client.setStreamMetadata(stream, { maxCount: 2, truncateBefore: 6 });
    equal(await revisions({ direction: BACKWARDS, fromRevision: END }), [10, 9]);
  });

  await steps.step("delete", async () => {
    const stream = name("deleted");
    const missing = await raises(WrongExpectedVersionError, () => client.deleteStream(stream, { expectedRevision: 0n }));
    equal([missing.streamName, missing.expectedState, missing.actualState], [stream, 0n, -1n]);
    await client.appendToStream(stream, events(3));
    const wrong = await raises(WrongExpectedVersionError, () => client.deleteStream(stream, { expectedRevision: 7n }));
    equal([wrong.streamName, wrong.expectedState, wrong.actualState], [stream, 7n, 2n]);
    const { position } = await client.deleteStream(stream, { expectedRevision: 2n });
    check(position.commit > 0n, `deleted at ${position.commit}`);
    for (const options of [{}, { direction: BACKWARDS, fromRevision: END }]) {
      await raises(StreamNotFoundError, () => all(client.readStream(stream, options)));
    }
  });

  await steps.step("a deleted stream comes back and goes on counting", async () => {
    for (const streamState of [NO_STREAM, ANY, 2n]) {
      const stream = name(`back-${streamState}`);
      await client.appendToStream(stream, events(3));
      await client.deleteStream(stream);
      const back = await client.appendToStream(stream, events(2), { streamState });
      equal(back.nextExpectedRevision, 4n);
      equal((await all(client.readStream(stream))).map((event) => event.revision), [3n, 4n]);
      await client.deleteStream(stream, { expectedRevision: 4n });
      await raises(StreamNotFoundError, () => all(client.readStream(stream)));
    }
  });

  await steps.step("tombstone is for good", async () => {
    const stream = name("tombstoned");
    await client.appendToStream(stream, events(3));
    await raises(WrongExpectedVersionError, () => client.tombstoneStream(stream, { expectedRevision: 7n }));
    await client.tombstoneStream(stream, { expectedRevision: 2n });
    const actions = [
      () => all(client.readStream(stream)),
      () => all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END })),
      () => client.appendToStream(stream, events(1), { streamState: ANY }),
      () => client.appendToStream(stream, events(1), { streamState: ANY, ...single }),
      () => client.appendToStream(stream, events(1), { streamState: NO_STREAM }),
      () => client.deleteStream(stream),
      () => client.tombstoneStream(stream),
      () => client.getStreamMetadata(stream),
    ];
    for (const action of actions) equal((await raises(StreamDeletedError, action)).streamName.replace(/^\$\$/, ""), stream);
    const unborn = name(`unborn-${randomUUID()}`);
    await client.tombstoneStream(unborn, { expectedRevision: NO_STREAM });
    await raises(StreamDeletedError, () => client.appendToStream(unborn, events(1)));
  });
}
