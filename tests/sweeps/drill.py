"""One store under drill: written to under faults, its acknowledgements kept, checked as after a restart."""

import os
import shutil

from harness import Violation, finish, run, start, under_strace, was_killed, whole_lines, with_file_limit

ADVICE = ("then open the event store again", "look after the disk")
"""One of these stands in what a writer that stopped says."""


class Drill:
    """A directory, the lines acknowledged so far outside of it, and how many appends it is known to hold."""

    def __init__(self, souk, home, writers=4, segment_bytes=16384, group_bytes=4 << 20, seed=1):
        self.souk, self.home = souk, home
        self.data, self.acks, self.trace = (os.path.join(home, name) for name in ("data", "acks", "trace"))
        self.options = ["--writers", writers, "--segment-bytes", segment_bytes, "--group-bytes", group_bytes]
        self.seed, self.acknowledged, self.recovered, self.torn = seed, 0, 0, 0
        os.makedirs(home, exist_ok=True)
        with open(self.acks, "w", encoding="utf-8"):
            pass

    def command(self, appends):
        """`drill write`, which begins the store or goes on with it."""
        seed = ["--seed", self.seed]
        return [self.souk, "store", "drill", "write", "--data", self.data, "--appends", appends, *seed, *self.options]

    def keep(self, ran):
        """Keeps what was acknowledged; returns how many appends that were."""
        lines = whole_lines(ran.out)
        with open(self.acks, "a", encoding="utf-8") as acks:
            acks.writelines(lines)
        self.acknowledged += len(lines)
        return len(lines)

    def write(self, appends):
        """Without a fault, to the end."""
        return self.keep(run(self.command(appends)).must(0))

    def killed_at(self, name, count, appends):
        """SIGKILL when a thread enters its `count`th call of this name."""
        ran, hit = under_strace(self.command(appends), name, f"signal=SIGKILL:when={count}", self.trace)
        acknowledged = self.keep(ran)
        if not hit:
            ran.must(0)
        elif not was_killed(ran):
            raise Violation(f"it should have been killed\n{ran}")
        return acknowledged, hit

    def fails_at(self, name, error, count, appends, goes_on):
        """The `count`th call of this name fails, and all after it if `goes_on`."""
        when = f"{count}{'+' if goes_on else ''}"
        ran, hit = under_strace(self.command(appends), name, f"error={error}:when={when}", self.trace)
        # The message is a write, too, and may be the one that fails.
        return self.stopped(ran, appends, says=name != "write"), hit

    def reading_fails_at(self, count, flags, goes_on):
        """Reading fails while the store is opened and checked: that is said, or another read does instead."""
        when = f"{count}{'+' if goes_on else ''}"
        ran, hit = under_strace(self.checking(self.acks, *flags), "pread64", f"error=EIO:when={when}", self.trace)
        # The loader of shared libraries reads, too.
        if self.acknowledged and ran.code not in (0, 5) and "shared libraries" not in ran.err:
            raise Violation(f"it should say with exit 5 that reading failed\n{ran}")
        return 0, hit

    def too_large_at(self, limit, appends):
        """No file may grow beyond `limit` bytes."""
        ran = with_file_limit(self.command(appends), limit)
        return self.stopped(ran, appends), ran.code != 0

    def stopped(self, ran, appends, says=True):
        """A writer whose disk failed says so and what to do, with exit 5, unless all was acknowledged."""
        acknowledged = self.keep(ran)
        if ran.code == 0 and acknowledged == appends:
            return acknowledged
        said = "exit 5]" in ran.err and any(advice in ran.err for advice in ADVICE)
        if ran.code != 5 or (says and not said):
            raise Violation(f"it should stop with exit 5 and say what to do\n{ran}")
        return acknowledged

    def killed_after(self, count, appends, pause, beside):
        """SIGKILL once `count` lines were read and `pause` has passed; `beside` looks on before that."""
        argv = self.command(appends)
        process = start(argv)
        lines = []
        try:
            while len(lines) < count and (line := process.stdout.readline()):
                lines.append(line)
            if beside:
                self.look_on(lines)
            pause()
        finally:
            process.kill()
        ran = finish(process, lines, argv)
        acknowledged = self.keep(ran)
        if not was_killed(ran):
            ran.must(0)
        return acknowledged, was_killed(ran)

    def look_on(self, lines):
        """A reader beside the writer sees everything acknowledged before it opened the store."""
        seen = os.path.join(self.home, "seen")
        shutil.copyfile(self.acks, seen)
        with open(seen, "a", encoding="utf-8") as acks:
            acks.writelines(lines)
        run(self.checking(seen, "--read-only")).must(0)

    def checking(self, acks, *flags):
        """`drill check`."""
        return [self.souk, "store", "drill", "check", "--data", self.data, "--acks", acks, "--format", "json", *flags]

    def check(self, *flags):
        """Everything acknowledged is there, nothing in part, nothing twice. Returns how many appends came to be there
        since the last check; None for a store of which not even the beginning was written."""
        ran = run(self.checking(self.acks, *flags))
        if ran.code in (5, 6) and self.acknowledged == 0 and self.recovered == 0:
            self.begin_again(ran)
            return None
        report = ran.must(0).json()
        if report["acknowledged"] != self.acknowledged:
            raise Violation(f"{self.acknowledged} acknowledged lines were kept\n{ran}")
        if report["appends"] < self.recovered:
            raise Violation(f"{self.recovered} appends were there before\n{ran}")
        came, self.recovered = report["appends"] - self.recovered, report["appends"]
        self.torn += report["truncated_bytes"] > 0
        return came

    def begin_again(self, ran):
        """A store whose creation was cut short is created by the next run, or the message says to remove it."""
        again = run(self.command(1))
        if again.code == 0:
            self.keep(again)
            return
        if again.code != 5 or "remove the directory" not in again.err:
            raise Violation(f"nothing was acknowledged, and it cannot be begun again\n{ran}\n{again}")
        shutil.rmtree(self.data)
