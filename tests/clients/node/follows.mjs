// Subscriptions: they catch up, go live, give checkpoints, and go on from where they were.

import { END, eventTypeFilter, excludeSystemEvents, streamNameFilter } from "@kurrent/kurrentdb-client";
import { Following, check, equal, events, ids } from "./harness.mjs";

export async function checkFollowing(steps, client, target) {
  const name = (suffix) => `${target.run}-${suffix}`;

  await steps.step("subscription to a stream catches up and goes live", async () => {
    const stream = name("followed");
    const written = events(300);
    await client.appendToStream(stream, written);
    const following = new Following(() => client.subscribeToStream(stream));
    await following.until("catching up", () => following.caughtUp.length === 1);
    equal([following.caughtUp[0].after, following.caughtUp[0].revision], [300, 299n]);
    const live = events(3);
    for (const event of live) await client.appendToStream(stream, event);
    await following.until("live events", () => following.events.length === 303);
    equal(ids(following.events), ids([...written, ...live]));
    await following.end();
    const resumed = new Following(() => client.subscribeToStream(stream, { fromRevision: 250n }));
    equal(ids(await resumed.toTheEnd()), ids([...written.slice(251), ...live]));
  });

  await steps.step("subscription to a stream that does not exist yet", async () => {
    const stream = name("later");
    const following = new Following(() => client.subscribeToStream(stream));
    await following.until("catching up", () => following.caughtUp.length === 1);
    const written = events(2);
    await client.appendToStream(stream, written);
    await following.until("live events", () => following.events.length === 2);
    equal(ids(following.events), ids(written));
    await following.end();
  });

  await steps.step("subscription to $all catches up and goes live", async () => {
    const written = events(50);
    await client.appendToStream(name("everything"), written);
    const following = new Following(() => client.subscribeToAll());
    await following.until("catching up", () => following.caughtUp.length === 1);
    const live = events(2);
    await client.appendToStream(name("everything"), live);
    const isLast = () => following.events.at(-1)?.id === live[1].id;
    await following.until("live events", isLast);
    await following.end();
    const ours = following.events.filter((event) => event.streamId === name("everything"));
    equal(ids(ours), ids([...written, ...live]));
    const resumed = new Following(() => client.subscribeToAll({ fromPosition: ours[10].position }));
    const rest = await resumed.toTheEnd();
    equal(ids(rest.filter((event) => event.streamId === name("everything"))), ids([...written, ...live]).slice(11));
    const fromEnd = new Following(() => client.subscribeToAll({ fromPosition: END }));
    await fromEnd.until("catching up", () => fromEnd.caughtUp.length === 1);
    const [last] = events(1);
    await client.appendToStream(name("everything"), last);
    await fromEnd.until("the last event", () => fromEnd.events.length > 0);
    equal(fromEnd.events[0].id, last.id);
    await fromEnd.end();
  });

  await steps.step("filtered subscription to $all with checkpoints", async () => {
    const [wanted, other] = [name("wanted"), name("unwanted")];
    const matching = [];
    const write = async (rounds) => {
      for (let n = 0; n < rounds; n += 1) {
        const batch = events(2);
        await client.appendToStream(`${wanted}-${n}`, batch);
        await client.appendToStream(other, events(3));
        matching.push(...batch);
      }
    };
    const follow = (fromPosition) =>
      new Following((checkpointReached) => {
        const filter = streamNameFilter({ prefixes: [wanted], maxSearchWindow: 4, checkpointInterval: 2, checkpointReached });
        return client.subscribeToAll({ filter, fromPosition });
      });
    await write(20);
    const following = follow("start");
    await following.until("catching up", () => following.caughtUp.length === 1);
    equal(following.caughtUp[0].after, matching.length);
    const before = following.checkpoints.length;
    check(before >= 100 / 8, `only ${before} checkpoints`);
    // Live, checkpoints go on, even if nothing matches.
    await client.appendToStream(other, events(40));
    await following.until("checkpoints while live", () => following.checkpoints.length >= before + 4);
    await write(5);
    await following.until("live events", () => following.events.length === matching.length);
    await following.end();
    equal(ids(following.events), ids(matching));
    following.checkCheckpoints();
    // Written while nobody follows.
    await write(2);
    const { checkpoints } = following;
    const chosen = [0, 1, checkpoints.length >> 1, checkpoints.length - 2, checkpoints.length - 1];
    for (const { position, after } of chosen.map((n) => checkpoints[n])) {
      const resumed = follow(position);
      equal(ids(await resumed.toTheEnd()), ids(matching).slice(after), `resumed from ${position.commit}`);
      resumed.checkCheckpoints();
    }
    return `${checkpoints.length} checkpoints, resumed from ${chosen.length}`;
  });

  await steps.step("subscription filtered by type and by expression", async () => {
    const [placed, paid] = [name("live-placed"), name("live-paid")];
    const isOurs = (event) => event.streamId.startsWith(name("live-"));
    const isKept = (event) => event.streamId === name("live-kept");
    const cases = [
      ["type prefix", eventTypeFilter({ prefixes: [placed] }), placed, (event) => event.type === placed],
      ["type regex", eventTypeFilter({ regex: `^${target.run}-live-(?!placed)` }), paid, (event) => event.type === paid],
      ["stream regex", streamNameFilter({ regex: `^(?!.*-skipped$)${target.run}-live-` }), paid, isKept],
      ["no system events", excludeSystemEvents(), paid, isOurs],
    ];
    const written = [];
    const write = async () => {
      for (const streamId of [name("live-kept"), name("live-skipped")]) {
        const batch = [...events(2, placed), ...events(2, paid)];
        await client.appendToStream(streamId, batch);
        written.push(...batch.map((event) => ({ ...event, streamId })));
      }
    };
    await write();
    await client.setStreamMetadata(name("live-kept"), { maxCount: 1_000 });
    for (const [what, filter, type, matches] of cases) {
      const following = new Following(() => client.subscribeToAll({ filter }));
      await following.until("catching up", () => following.caughtUp.length === 1);
      await write();
      const [last] = events(1, type);
      await client.appendToStream(name("live-kept"), last);
      written.push({ ...last, streamId: name("live-kept") });
      await following.until("live events", () => following.events.at(-1)?.id === last.id);
      await following.end();
      check(following.events.every((event) => !event.type.startsWith("$")), `${what}: a system event passed`);
      // Without our name in the filter, others pass too.
      const passed = what === "no system events" ? following.events.filter(isOurs) : following.events;
      equal(ids(passed), ids(written.filter(matches)), what);
    }
  });
}
