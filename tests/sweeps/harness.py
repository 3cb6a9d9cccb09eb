"""What the sweeps share: running the binary, also under strace, and the table at the end.

Nothing here judges; a sweep raises Violation where something does not hold.
"""

import json
import os
import resource
import shutil
import signal
import subprocess

TIMEOUT = 120
"""Seconds after which a command counts as hanging."""

SYSCALLS = {
    "fdatasync": "fdatasync",
    "fsync": "fsync",
    "pread64": "pread64",
    "pwrite64": "pwrite64",
    "write": "write",
    "ftruncate": "ftruncate",
    "rename": "?rename,?renameat,?renameat2",
    "open": "?open,openat",
    "unlink": "?unlink,unlinkat",
}
"""System calls by what they are called here, as strace names them; `?` where an architecture may lack one."""


class Violation(Exception):
    """Something that must always hold does not."""


class Ran:
    """What a command left behind."""

    def __init__(self, argv, code, out, err):
        self.argv, self.code, self.out, self.err = argv, code, out, err

    def __str__(self):
        return f"$ {' '.join(self.argv)}\nexit {self.code}\n{self.out[-2000:]}{self.err[-2000:]}"

    def json(self):
        """Standard output as one document."""
        return json.loads(self.out)

    def must(self, code):
        """Itself, if it ended with this code."""
        if self.code != code:
            raise Violation(f"exit {code} was expected\n{self}")
        return self


def run(argv, timeout=TIMEOUT, **more):
    """Runs a command to its end; one that hangs is a violation."""
    argv = [str(word) for word in argv]
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False, **more
        )
    except subprocess.TimeoutExpired:
        raise Violation(f"hangs for more than {timeout} s: {' '.join(argv)}") from None
    return Ran(argv, done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def start(argv):
    """Starts a command whose output is read while it runs."""
    argv = [str(word) for word in argv]
    return subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process, lines, argv):
    """Reads a started command to its end, after the lines that were read."""
    try:
        out, err = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Violation(f"hangs for more than {TIMEOUT} s: {argv}") from None
    return Ran([str(word) for word in argv], process.returncode, "".join(lines) + out, err)


def under_strace(argv, name, inject, trace):
    """Runs a command with something injected into a system call; says also whether that happened."""
    calls = SYSCALLS[name]
    strace = ["strace", "-f", "-qq", "-o", trace, "-e", f"trace={calls}", "-e", f"inject={calls}:{inject}"]
    ran = run(strace + argv)
    with open(trace, encoding="utf-8", errors="replace") as lines:
        injected = any("INJECTED" in line for line in lines)
    os.remove(trace)
    return ran, injected or was_killed(ran)


def with_file_limit(argv, limit):
    """Runs a command in which no file may grow beyond `limit` bytes: a write comes short, the next one fails."""

    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return run(argv, preexec_fn=prepare, restore_signals=False)


def was_killed(ran):
    """Whether a command ended by SIGKILL, itself or below strace."""
    return ran.code in (-signal.SIGKILL, 128 + signal.SIGKILL)


def can_trace():
    """Why strace cannot inject here; None if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    try:
        ran = run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync",
                   "-e", "inject=fsync:error=EIO:when=1", "true"])
    except (OSError, Violation) as error:
        return f"strace does not run: {error}"
    return None if ran.code == 0 else f"strace cannot inject: {ran.err.strip()}"


def whole_lines(text):
    """Lines that have their end; the last one may have been cut by a kill."""
    return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]


def table(head, rows):
    """Rows under a head, columns aligned; the first column is text."""
    cells = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    for row in cells:
        texts = [row[0].ljust(widths[0])]
        texts += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(texts).rstrip())
