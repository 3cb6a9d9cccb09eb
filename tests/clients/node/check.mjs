// The official Node client against a server: check.mjs URL [plain], or check.mjs URL ledger EVENTS ORDER_EVENTS.

import { KurrentDBClient } from "@kurrent/kurrentdb-client";
import { checkConnections } from "./connections.mjs";
import { checkFollowing } from "./follows.mjs";
import { Steps, Target, all } from "./harness.mjs";
import { checkLedger } from "./ledger.mjs";
import { checkReads } from "./reads.mjs";
import { checkWrites } from "./writes.mjs";

const [url, mode = "plain", ...counts] = process.argv.slice(2);
if (!url || !["plain", "ledger"].includes(mode) || counts.length !== (mode === "ledger" ? 2 : 0)) {
  console.error("usage: check.mjs URL [plain | ledger EVENTS ORDER_EVENTS]");
  process.exit(2);
}

const target = new Target(url);
const client = KurrentDBClient.connectionString(url);
const steps = new Steps();
// Without an answer at all, every other step would wait for one.
if (await steps.step("the server answers", () => all(client.readAll({ maxCount: 1 })).then(() => {}))) {
  if (mode === "ledger") {
    const [events, orderEvents] = counts.map(Number);
    await checkLedger(steps, client, { events, orderEvents });
  } else {
    await checkWrites(steps, client, target);
    await checkReads(steps, client, target);
    await checkFollowing(steps, client, target);
  }
  await checkConnections(steps, target, mode);
}
// The client's connections would keep the process alive.
process.exit(steps.finish());
