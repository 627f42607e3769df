"""A Docker engine: the one that runs, or a private one that leaves nothing behind."""

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOME_MINUTES = 1800.0  # s; a machine may be slow, but no command may hang
START = 60.0  # s that an engine has to answer
STOP = 60.0  # s that it has to end
PACKAGES = ("docker.io", "mmdebstrap")  # of Debian
ROOM = 40 * 2**30  # bytes that an engine may use at most; the file is sparse
TAIL = 4000  # characters that a failed command shows of what it said
RUN = uuid.uuid4().hex[:8]  # two tests at once leave one another's things alone
LABEL = f"fluxprod-test-{RUN}"  # of every container and volume, by which they are found and removed


@dataclass(frozen=True)
class Docker:
    """Docker's client and the engine that it speaks to.

    Parameters
    ----------
    client : str
        The program.
    engine : str
        Address; empty: the one that the environment names.
    """

    client: str
    engine: str = ""

    def __call__(self, *words: object, ok: bool = True, timeout: float = SOME_MINUTES) -> "Said":
        """Run a command, which has to succeed unless ``ok`` is false."""
        address = {"DOCKER_HOST": self.engine} if self.engine else {}
        done = subprocess.run(
            [self.client, *map(str, words)],
            env={**os.environ, "DOCKER_BUILDKIT": "1", **address},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        said = Said(done.returncode, done.stdout)
        assert not ok or said.status == 0, f"docker {words}: {said.status}\n{said.text[-TAIL:]}"
        return said


@dataclass(frozen=True)
class Said:
    """What a command ended with."""

    status: int
    text: str


@contextmanager
def engine(folder: Path) -> Iterator[Docker]:
    """The engine that runs, or a private one whose files lie in an empty folder."""
    client = client_with_buildkit()
    if client and Docker(client)("info", ok=False).status == 0:
        yield Docker(client)
        return
    if os.geteuid():
        raise PermissionError("no Docker engine answers, and only root can start one")
    if not (client and shutil.which("dockerd")):
        install()
    with private(folder) as address:
        yield Docker(client_with_buildkit(), address)


def client_with_buildkit() -> str:
    """The first Docker client that has BuildKit, without which no bind mounts; else an empty name.

    A client alone, without the plugin buildx, has the old builder.
    """
    for place in os.get_exec_path():
        client = shutil.which("docker", path=place)
        if client and "--secret" in Docker(client)("build", "--help", ok=False).text:
            return client
    return ""


def install() -> None:
    """Install an engine from Debian's packages, and start no service."""
    # offline, systemctl starts nothing
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_OFFLINE": "1"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=False, timeout=SOME_MINUTES)
    subprocess.run(command, env=env, check=True, timeout=SOME_MINUTES, stdout=subprocess.DEVNULL)


@contextmanager
def private(folder: Path) -> Iterator[str]:
    """Address of an engine without networks, which no other program of the machine sees."""
    address, log = f"unix://{folder}/socket", folder / "log"
    try:
        words = ["dockerd", "--host", address, "--data-root", disk(folder)]
        words += ["--exec-root", folder / "run", "--pidfile", folder / "pid"]
        words += ["--bridge=none", "--iptables=false", "--ip6tables=false"]
        with running(words, log) as process:
            await_answer(Docker(client_with_buildkit(), address), process, log)
            yield address
    finally:
        unmount(folder)
        shutil.rmtree(folder)


@contextmanager
def running(words: list, log: Path) -> Iterator[subprocess.Popen]:
    """A process that ends with the block.

    It has a session of its own: Ctrl-C must not end it before its containers are removed.
    """
    process = None
    try:
        with log.open("w") as file:
            process = subprocess.Popen(words, stdout=file, stderr=file, start_new_session=True)
        yield process
    finally:
        if process:
            end(process)


def unmount(folder: Path) -> None:
    """Unmount what is mounted under a folder, as layers of a build that was cut short."""
    places = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in reversed(places):  # the last mounted may lie in another
        if Path(place).is_relative_to(folder):
            subprocess.run(["umount", "--lazy", place], check=True)


def disk(folder: Path) -> Path:
    """A folder that is a file system in one file, where the machine allows that, else a plain one.

    The layers have 200,000 files: to remove them one by one takes minutes, the one file no time.
    """
    data, file = folder / "data", folder / "disk"
    data.mkdir()
    with file.open("wb") as empty:
        empty.truncate(ROOM)
    make = ["mkfs.ext4", "-q", "-E", "nodiscard", file]
    mount = ["mount", "-o", "loop,noinit_itable", file, data]
    if shutil.which(make[0]):
        for words in (make, mount):
            subprocess.run(words, stderr=subprocess.DEVNULL, check=False, timeout=SOME_MINUTES)
    return data


def await_answer(docker: Docker, process: subprocess.Popen, log: Path) -> None:
    """Wait until the engine answers."""
    limit = time.monotonic() + START
    while docker("info", ok=False).status:
        if process.poll() is not None or time.monotonic() > limit:
            raise TimeoutError(f"dockerd does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.2)


def end(process: subprocess.Popen) -> None:
    """Ask a process to end, and end it if it does not."""
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def remove_all(docker: Docker) -> None:
    """Remove the containers and volumes that carry the label."""
    ours = ("--quiet", "--filter", f"label={LABEL}")
    containers = docker("ps", "--all", *ours).text.split()
    if containers:
        docker("rm", "--force", "--volumes", *containers, ok=False)
    volumes = docker("volume", "ls", *ours).text.split()
    if volumes:
        docker("volume", "rm", "--force", *volumes, ok=False)
