"""Carries out the Dockerfile without Docker, and runs its command without network on a read-only disk as its plain user.

    sudo python3 docker/prove.py [--pictures DIR] [--folder DIR] [--results FILE]

For machines where no Docker engine runs (root, Debian's debootstrap and util-linux are needed; the packages come from the
mirror that apt uses). A clean Debian root of the same release and Python version plays the slim Python image; every COPY,
RUN, ENV, USER and CMD of the Dockerfile is then done as it stands. What the image would weigh is told at the end.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
RELEASE = "bookworm"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
IGNORED = shutil.ignore_patterns("__pycache__")
LINE = re.compile(r"\d{3}, (/.*)")

JAIL = """
set -eu
mount --bind "$ROOT" "$ROOT"
[ -z "$PICTURES" ] || mount --bind "$PICTURES" "$ROOT/mnt/test_data"
[ -z "$PICTURES" ] || mount -o remount,bind,ro "$ROOT/mnt/test_data"
mount -o remount,bind,ro "$ROOT"
mount -t proc proc "$ROOT/proc"
for device in null zero urandom; do mount --bind "/dev/$device" "$ROOT/dev/$device"; done
exec chroot --userspec="$USERSPEC" "$ROOT" env -i "$@"
"""


@dataclass
class Stage:
    """A file system in the making and what the Dockerfile has set so far."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    folder: str = "/"
    user: str = "0"
    command: list[str] = field(default_factory=list)


def instructions(text: str) -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, comments gone, continued lines joined, build arguments put in."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found: list[tuple[str, str]] = []
    arguments: dict[str, str] = {}
    for line in filter(str.strip, "\n".join(lines).replace("\\\n", " ").splitlines()):
        word, _, rest = line.strip().partition(" ")
        rest = re.sub(r"\$\{(\w+)\}", lambda match: arguments.get(match[1], match[0]), rest.strip())
        if word == "ARG":
            name, _, value = rest.partition("=")
            arguments[name] = value
        else:
            found.append((word, rest))
    return found


def build(folder: Path) -> Stage:
    """Carry out the Dockerfile in ``folder``; gives its last stage."""
    base = folder / "base"
    if not base.exists():
        subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=python3,python3-pip,ca-certificates", RELEASE, base, _mirror()],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    stages: dict[str, Stage] = {}
    stage = Stage(base)
    for word, rest in instructions((REPOSITORY / "Dockerfile").read_text(encoding="utf-8")):
        print(f"{word} {rest}", file=sys.stderr)
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            _expect_base(base, image)
            stage = stages[name] = Stage(folder / f"stage{len(stages)}")
            shutil.rmtree(stage.root, ignore_errors=True)
            subprocess.run(["cp", "--archive", "--reflink=auto", base, stage.root], check=True)
        else:
            _step(stage, word, rest, stages)
    return stage


def _mirror() -> str:
    told = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)"], capture_output=True, text=True, check=True)
    return next(line.split()[0] for line in told.stdout.splitlines() if line.endswith(f" {RELEASE}"))


def _expect_base(base: Path, image: str) -> None:
    """Leave where the root that plays the base image is of another Python version or release than the Dockerfile names."""
    version = re.fullmatch(rf"python:(3\.\d+)-slim-{RELEASE}", image)
    if version is None or not (base / "usr/bin" / f"python{version[1]}").exists():
        sys.exit(f"error: no clean root can play this base image: {image}")


def _step(stage: Stage, word: str, rest: str, stages: dict[str, Stage]) -> None:
    if word == "WORKDIR":
        stage.folder = rest
        _inside(stage, rest).mkdir(parents=True, exist_ok=True)
    elif word == "ENV":
        stage.environment |= dict(each.split("=", 1) for each in shlex.split(rest))
    elif word == "USER":
        stage.user = rest
    elif word == "CMD":
        stage.command = [str(each) for each in json.loads(rest)]
    elif word == "COPY":
        source, _, paths = rest.partition(" ") if rest.startswith("--from=") else ("", "", rest)
        origin = stages[source.removeprefix("--from=")].root if source else REPOSITORY
        *sources, target = shlex.split(paths)
        _copy([origin / each.lstrip("/") for each in sources], _inside(stage, target), target.endswith("/") or len(sources) > 1)
    elif word == "RUN":
        _run(stage, rest)
    else:
        sys.exit(f"error: this script does not know the instruction: {word}")


def _inside(stage: Stage, path: str) -> Path:
    return stage.root / os.path.join(stage.folder, path).lstrip("/")


def _copy(sources: list[Path], target: Path, into: bool) -> None:
    """Copy as Docker does: of a folder its contents, a file into a folder or to a name."""
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True, ignore=IGNORED if REPOSITORY in source.parents else None)
        else:
            (target if into else target.parent).mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / source.name if into else target)


def _run(stage: Stage, command: str) -> None:
    """Run a command in the stage, with the network and pip's settings of this machine; neither stays in the stage."""
    lent = [Path(each) for each in ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt") if Path(each).exists()]
    before = {each: (stage.root / str(each).lstrip("/")) for each in lent}
    kept = {place: place.read_bytes() if place.exists() else None for place in before.values()}
    for each, place in before.items():
        shutil.copy(each, place)
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower().endswith("_proxy")}
    environment = {"HOME": "/root", **pip, **stage.environment}
    changed = f"cd {shlex.quote(stage.folder)} && {command}"
    subprocess.run(["chroot", stage.root, "/bin/sh", "-c", changed], check=True, env=environment, stdout=sys.stderr)
    for place, content in kept.items():
        place.unlink() if content is None else place.write_bytes(content)


def prove(stage: Stage, pictures: Path | None) -> None:
    """Run the image's command without network, read-only, as its user, and leave with an error where it breaks its promise."""
    settings = [f"{name}={value}" for name, value in stage.environment.items()]
    environment = os.environ | {"ROOT": str(stage.root), "USERSPEC": stage.user, "PICTURES": str(pictures or "")}
    jail = ["unshare", "--net", "--mount", "--pid", "--fork", "sh", "-c", JAIL, "jail", *settings, *stage.command]
    for device in ("null", "zero", "urandom"):
        (stage.root / "dev" / device).touch()
    began = time.perf_counter()
    done = subprocess.run(jail, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    shown = [os.path.join("/mnt/test_data", each.name) for each in (pictures or stage.root / "mnt/test_data").iterdir()]
    lines = done.stdout.splitlines()
    told = [match[1] for line in lines if (match := LINE.fullmatch(line))]
    print(done.stdout, end="")
    print(done.stderr, end="", file=sys.stderr)
    if len(told) != len(lines) or not set(told) <= set(shown) or (pictures is None and (sorted(told) != sorted(shown) or done.returncode)):
        sys.exit(f"error: not one line for each picture: {len(lines)} lines, {len(shown)} files, exit code {done.returncode}")
    print(f"{len(lines)} lines for {len(shown)} files in {seconds:.2f} s, without network, read-only, as user {stage.user}")


def weigh(stage: Stage, base: Path) -> list[dict[str, str]]:
    """What the layers over the base image weigh, and the root that plays it: megabytes on disk and packed, printed too."""
    if (stage.root / "opt/inkread/torch").exists():
        sys.exit("error: PyTorch is in the image")
    rows = []
    for figure, path in (("layers over the base image", stage.root / "opt/inkread"), ("clean root in place of the base image", base)):
        disk = subprocess.run(["du", "--summarize", "--block-size=1", path], capture_output=True, text=True, check=True).stdout.split()[0]
        pack = f"tar --create --file=- --directory={shlex.quote(str(path))} . | gzip -6 | wc -c"
        packed = subprocess.run(["sh", "-c", pack], capture_output=True, text=True, check=True).stdout
        rows.append({"figure": figure, "MB on disk": f"{int(disk) / 1e6:.0f}", "MB packed": f"{int(packed) / 1e6:.0f}"})
        print(", ".join(f"{name}: {value}" for name, value in rows[-1].items()))
    return rows


def write(rows: list[dict[str, str]], path: Path) -> None:
    """Write the figures, each with the command and the day (UTC), as CSV."""
    stamp = {"command": "docker/prove.py", "date": time.strftime("%Y-%m-%d", time.gmtime())}
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], *stamp], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | stamp for row in rows)


def main() -> None:
    """Build, run on the samples and on the user's pictures, weigh."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="also read this folder, mounted at /mnt/test_data")
    parser.add_argument("--folder", type=Path, help="build here and keep it (default: a temporary folder)")
    parser.add_argument("--results", type=Path, metavar="FILE", help="also write what the image weighs to this CSV file")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("error: chroot and mount need root")
    with tempfile.TemporaryDirectory(prefix="inkread-image-") as temporary:
        folder = options.folder or Path(temporary)
        stage = build(folder.resolve())
        prove(stage, None)
        if options.pictures:
            prove(stage, options.pictures.resolve())
        rows = weigh(stage, folder / "base")
        if options.results:
            write(rows, options.results)


if __name__ == "__main__":
    main()
