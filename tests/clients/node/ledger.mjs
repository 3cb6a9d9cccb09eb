// A ledger: read and followed, never written.

import { AccessDeniedError, BACKWARDS, END, eventTypeFilter, streamNameFilter } from "@kurrent/kurrentdb-client";
import { Following, all, check, equal, events, ids, isPlausible, raises } from "./harness.mjs";

const SECONDS = 300;
const ORDERS = "order-";

/** The ledger must have so many events, and so many of them in streams of orders. */
export async function checkLedger(steps, client, expected) {
  let whole = [];
  const ordersOf = (list) => list.filter((event) => event.streamId.startsWith(ORDERS));

  await steps.step("$all read from the start", async () => {
    whole = await all(client.readAll());
    equal(whole.length, expected.events);
    equal(ordersOf(whole).length, expected.orderEvents);
    check(whole.every((event, n) => n === 0 || event.position.commit > whole[n - 1].position.commit), "positions do not ascend");
    equal(new Set(ids(whole)).size, whole.length);
    return `${whole.length} events`;
  }, SECONDS);

  await steps.step("times of writing", async () => {
    const odd = whole.find((event) => !isPlausible(event.created));
    check(!odd && whole.length > 0, `written at ${odd?.created?.toISOString()}`);
    return `${whole[0].created.toISOString()} to ${whole.at(-1).created.toISOString()}`;
  });

  await steps.step("$all read backwards", async () => {
    const back = await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 100 }));
    equal(ids(back), ids(whole.slice(-100)).reverse());
  });

  await steps.step("stream of an order both ways", async () => {
    const stream = ordersOf(whole)[0].streamId;
    const inAll = whole.filter((event) => event.streamId === stream);
    const forwards = await all(client.readStream(stream));
    equal(forwards, inAll);
    equal(forwards.map((event) => event.revision), forwards.map((_, n) => BigInt(n)));
    check(forwards.every((event) => event.isJson && typeof event.data === "object"), "the data is not JSON");
    equal(ids(await all(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))), ids(inAll).reverse());
    return `${stream} has ${inAll.length} events`;
  });

  await steps.step("$all filtered by type", async () => {
    const { type } = ordersOf(whole)[0];
    const read = await all(client.readAll({ filter: eventTypeFilter({ regex: `^${type}$` }) }));
    equal(ids(read), ids(whole.filter((event) => event.type === type)));
    return `${read.length} of ${type}`;
  }, SECONDS);

  await steps.step("subscription to the orders with checkpoints", async () => {
    const follow = (fromPosition) =>
      new Following((checkpointReached) => {
        const checkpointInterval = Math.max(1, expected.events >> 9);
        const filter = streamNameFilter({ prefixes: [ORDERS], maxSearchWindow: 32, checkpointInterval, checkpointReached });
        return client.subscribeToAll({ filter, fromPosition });
      });
    const following = follow("start");
    equal(ids(await following.toTheEnd(SECONDS)), ids(ordersOf(whole)));
    const { checkpoints } = following;
    check(checkpoints.length > 0, "there are no checkpoints");
    following.checkCheckpoints();
    check(checkpoints.every(({ position }) => position.commit <= whole.at(-1).position.commit), "a checkpoint is beyond the end");
    const { position, after } = checkpoints[checkpoints.length >> 1];
    equal(ids(await follow(position).toTheEnd(SECONDS)), ids(ordersOf(whole)).slice(after));
    return `${following.events.length} events, ${checkpoints.length} checkpoints`;
  }, SECONDS);

  const [stream] = new Set(ordersOf(whole).map((event) => event.streamId));
  const refused = [
    ["append", () => client.appendToStream(stream, events(1))],
    ["append of many events", () => client.appendToStream(stream, events(3))],
    ["append to a new stream", () => client.appendToStream("node-was-here", events(1))],
    ["delete", () => client.deleteStream(stream)],
    ["tombstone", () => client.tombstoneStream(stream)],
    ["metadata", () => client.setStreamMetadata(stream, { maxCount: 1 })],
  ];
  for (const [what, action] of refused) {
    await steps.step(`${what} is refused`, async () => (await raises(AccessDeniedError, action)).constructor.name);
  }

  await steps.step("nothing has changed", async () => {
    const [last] = await all(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    equal(last, whole.at(-1));
  });
}
