"""Disks that fill up and disks that lose power, as file systems mounted for a while. Needs root."""

import fcntl
import os
import struct
import tempfile

from drill import Drill
from harness import Violation, finish, run, start

EXT4_IOC_SHUTDOWN = 0x8004587D
"""Stops a file system at once; what is not on the disk then is lost."""

WITHOUT_LOG_FLUSH = 2
"""The journal is not written either: as without power."""

MODES = ["data=ordered", "data=writeback", "data=journal"]
"""How ext4 orders data and metadata."""


class Mounted:
    """A file system that is mounted within a `with`."""

    def __init__(self, home, words):
        self.place, self.words = os.path.join(home, "disk"), words

    def __enter__(self):
        os.makedirs(self.place, exist_ok=True)
        run(["mount", *self.words, self.place]).must(0)
        return self.place

    def __exit__(self, *of):
        if run(["umount", self.place]).code != 0:
            run(["umount", "--lazy", self.place])


def image(home, mib):
    """An empty ext4 file system in a file."""
    path = os.path.join(home, "image")
    with open(path, "wb") as file:
        file.truncate(mib << 20)
    run(["mkfs.ext4", "-q", "-F", path]).must(0)
    return path


def shutdown(place):
    """Cuts a file system off from its disk."""
    held = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(held, EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_LOG_FLUSH))
    finally:
        os.close(held)


def cannot_mount(home):
    """Why there are no power cuts here; None if there are."""
    if os.geteuid() != 0:
        return "only root may mount"
    home = tempfile.mkdtemp(dir=home)
    try:
        with Mounted(home, ["-o", "loop", image(home, 8)]) as place:
            shutdown(place)
    except (OSError, Violation) as error:
        return f"this system does not do it: {str(error).strip().splitlines()[-1]}"
    return None


def power_cuts(settings, home, draw, tally, count):
    """A store loses its power several times."""
    words = ["-o", f"loop,{draw.choice(MODES)}", image(home, 64)]
    writers, segment = draw.choice([1, 4, 8]), draw.choice([8000, 100000])
    drill = Drill(settings.souk, home, writers, segment, seed=draw.randrange(1 << 63))
    drill.data = os.path.join(home, "disk", "data")
    for _ in range(count):
        with Mounted(home, words) as place:
            acknowledged, hit = cut(drill, place, draw)
        with Mounted(home, words):
            torn = drill.torn
            recovered = drill.check() or 0
        tally.add("power cut", 1, hit, acknowledged, recovered, drill.torn - torn)


def cut(drill, place, draw):
    """Writes until some lines were read, then cuts; the writer must stop by itself."""
    argv = drill.command(2500)
    process = start(argv)
    lines, wanted = [], draw.randint(1, 1500)
    while len(lines) < wanted and (line := process.stdout.readline()):
        lines.append(line)
    shutdown(place)
    ran = finish(process, lines, argv)
    return drill.stopped(ran, 2500), int(ran.code != 0)


# Files kept back until room is made. On opening again the index takes one for each sealed segment first.
RESERVE = 64


def full(settings, home, draw, tally, number):
    """A file system fills up; after room was made the store goes on."""
    kind = ["tmpfs, no bytes", "tmpfs, no files", "ext4"][number % 3]
    words = {
        "tmpfs, no bytes": ["-t", "tmpfs", "-o", f"size={draw.choice([2, 3, 4])}m", "tmpfs"],
        "tmpfs, no files": ["-t", "tmpfs", "-o", f"size=64m,nr_inodes={RESERVE + draw.randint(12, 40)}", "tmpfs"],
        "ext4": ["-o", "loop", image(home, 12)],
    }[kind]
    drill = Drill(settings.souk, home, 4, draw.choice([16384, 300000]), seed=draw.randrange(1 << 63))
    drill.data = os.path.join(home, "disk", "data")
    with Mounted(home, words) as place:
        reserve = [os.path.join(place, f"reserve-{n}") for n in range(RESERVE)]
        for path in reserve:
            with open(path, "wb") as file:
                file.write(bytes(16 << 10))
        ran = run(drill.command(100_000))
        acknowledged = drill.stopped(ran, 100_000)
        if "no space is left" not in ran.err:
            raise Violation(f"it should say that the disk is full\n{ran}")
        recovered = drill.check("--read-only") or 0
        opened_full(drill)
        for path in reserve:
            os.remove(path)
        drill.check()
        drill.write(20)
        drill.check()
    tally.add(f"full: {kind}", 1, 1, acknowledged, recovered, drill.torn > 0)


def opened_full(drill):
    """On the full disk the store opens, or says that the disk is full; it loses nothing either way."""
    ran = run(drill.checking(drill.acks))
    if ran.code != 0 and not (ran.code == 5 and "no space is left" in ran.err):
        raise Violation(f"a full disk is a full disk\n{ran}")
