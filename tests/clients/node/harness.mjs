// What the steps share: counting and bounding them, events to append, and a record of what a subscription delivers.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { jsonEvent } from "@kurrent/kurrentdb-client";

const STEP_SECONDS = 20;
const [EARLIEST, LATEST] = [Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1)];

/** Runs steps one after the other, prints a line for each, and counts them. */
export class Steps {
  passed = 0;
  failed = 0;

  /** Runs one step; what it returns is added to its line. Whether it passed. */
  async step(name, run, seconds = STEP_SECONDS) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${seconds} s`)), seconds * 1000);
    });
    try {
      const note = await Promise.race([run(), late]);
      this.passed += 1;
      console.log(`ok: ${name}${note ? `: ${note}` : ""}`);
      return true;
    } catch (error) {
      this.failed += 1;
      console.log(`failed: ${name}: ${error?.stack ?? error}`);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Prints the sum; the exit code. */
  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

/** A server's URL and the parts of it, and a prefix of stream names that nobody else uses. */
export class Target {
  run = `node-${randomUUID()}`;

  constructor(url) {
    this.url = url;
    const parts = url.match(/^\w+:\/\/(?:([^:@]+):([^@]+)@)?([^/?]+)\/?(\?.*)?$/);
    assert(parts, `${url} is not kurrentdb://[user:password@]host:port[?options]`);
    const [, username, password, host, query = ""] = parts;
    Object.assign(this, { host, query });
    this.credentials = username && { username, password };
    this.isSecure = !/[?&]tls=false/i.test(query);
  }

  /** The URL with something replaced: `scheme`, `user`, `host` or `query`. */
  with(changed) {
    const user = this.credentials && `${this.credentials.username}:${this.credentials.password}@`;
    const parts = { scheme: "kurrentdb", user: user ?? "", host: this.host, query: this.query, ...changed };
    return `${parts.scheme}://${parts.user}${parts.host}${parts.query}`;
  }

  /** Credentials to give with a call; without, any will do. */
  get anyCredentials() {
    return this.credentials ?? { username: "nobody", password: "nothing" };
  }
}

/** So many events to append. */
export function events(count, type = "happened") {
  return Array.from({ length: count }, (_, n) => jsonEvent({ type, data: { n }, metadata: { from: "node" } }));
}

/** All of a read. */
export async function all(read) {
  const found = [];
  for await (const { event } of read) found.push(event);
  return found;
}

export const ids = (list) => list.map((event) => event.id);
export const equal = assert.deepEqual;
export const check = assert;

/** The error that an action fails with, which must be of this class. */
export async function raises(expected, action) {
  try {
    await action();
  } catch (error) {
    check(error instanceof expected, `${expected.name} expected, but it is ${error.constructor?.name}: ${error.message}`);
    return error;
  }
  throw new Error(`${expected.name} expected, but the call succeeded`);
}

/** Whether a time of writing can be true. */
export function isPlausible(created) {
  return created instanceof Date && created.getTime() >= EARLIEST && created.getTime() < LATEST;
}

/** What a subscription delivers: its events, and after how many of them there were checkpoints and it caught up. */
export class Following {
  events = [];
  checkpoints = [];
  caughtUp = [];
  #error;
  #changed = () => {};

  /** `start` makes the subscription; what it is given is the callback for checkpoints. */
  constructor(start) {
    // An event that the client has passed on but not yet emitted counts as delivered.
    const after = (subscription) => this.events.length + subscription.readableLength;
    this.subscription = start((subscription, position) => {
      this.checkpoints.push({ position, after: after(subscription) });
      this.#changed();
    });
    this.subscription.on("data", ({ event }) => {
      this.events.push(event);
      this.#changed();
    });
    this.subscription.on("caughtUp", (info) => {
      this.caughtUp.push({ ...info, after: after(this.subscription) });
      this.#changed();
    });
    this.subscription.on("error", (error) => {
      this.#error = error;
      this.#changed();
    });
  }

  /** Waits until a condition holds. */
  async until(what, holds, seconds = STEP_SECONDS - 2) {
    const deadline = Date.now() + seconds * 1000;
    while (!holds()) {
      if (this.#error) throw this.#error;
      if (Date.now() > deadline) {
        const { events, checkpoints, caughtUp } = this;
        const seen = `${events.length} events, ${checkpoints.length} checkpoints, caught up ${caughtUp.length} times`;
        throw new Error(`waited for ${what}; seen: ${seen}`);
      }
      let timer;
      await new Promise((resolve) => {
        this.#changed = resolve;
        timer = setTimeout(resolve, 1000);
      });
      clearTimeout(timer);
    }
  }

  /** Waits for the end of what there was, takes everything, and ends. */
  async toTheEnd(seconds) {
    await this.until("the end", () => this.caughtUp[0] && this.events.length >= this.caughtUp[0].after, seconds);
    await this.end();
    return this.events;
  }

  async end() {
    await this.subscription.unsubscribe();
  }

  /** No checkpoint goes back, says less than was delivered, or more. */
  checkCheckpoints() {
    const at = this.events.map((event) => event.position.commit);
    check(at.every((position, n) => n === 0 || position > at[n - 1]), "events do not ascend");
    let last = -1n;
    for (const { position, after } of this.checkpoints) {
      check(position.commit >= last, `a checkpoint goes back from ${last} to ${position.commit}`);
      last = position.commit;
      const [before, next] = [at[after - 1] ?? -1n, at[after] ?? last + 1n];
      check(before <= last && last < next, `checkpoint ${last} between events at ${before} and ${next}`);
    }
  }
}
