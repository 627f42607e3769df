"""A Docker engine: the one that is running, or a private one that leaves nothing behind."""

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOME_MINUTES = 1800.0  # s; machines may be slow, but no command may hang
START = 60.0  # s, within which an engine must answer
STOP = 60.0  # s, within which it must end
PACKAGES = ("docker.io", "mmdebstrap")  # Debian packages
DISK_SIZE = 40 * 2**30  # byte, the most that an engine may use; the file is sparse
TAIL = 4000  # characters of the output that a failed command shows
RUN = uuid.uuid4().hex[:8]  # keeps simultaneous test runs apart
LABEL = f"fluxprod-test-{RUN}"  # marks every container and volume, for their removal


@dataclass(frozen=True)
class Docker:
    """The Docker client and the engine to which it connects.

    Parameters
    ----------
    client : str
        Path of the program.
    engine : str
        Address of the engine; if empty, that of the environment.
    """

    client: str
    engine: str = ""

    def __call__(self, *words: object, ok: bool = True, timeout: float = SOME_MINUTES) -> "Outcome":
        """Run a command, which must succeed unless ``ok`` is false."""
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
        outcome = Outcome(done.returncode, done.stdout)
        failure = f"docker {words}: {outcome.status}\n{outcome.text[-TAIL:]}"
        assert not ok or outcome.status == 0, failure
        return outcome


@dataclass(frozen=True)
class Outcome:
    """Exit status and output of a command."""

    status: int
    text: str


@contextmanager
def engine(folder: Path) -> Iterator[Docker]:
    """The running engine, or a private one whose files are kept in an empty folder."""
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
    """Path of the first Docker client with BuildKit, which bind mounts require; empty if none.

    A client without the buildx plugin has only the old builder.
    """
    for place in os.get_exec_path():
        client = shutil.which("docker", path=place)
        if client and "--secret" in Docker(client)("build", "--help", ok=False).text:
            return client
    return ""


def install() -> None:
    """Install an engine from the packages of Debian without starting a service."""
    # with SYSTEMD_OFFLINE systemctl does not start anything
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_OFFLINE": "1"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=False, timeout=SOME_MINUTES)
    subprocess.run(command, env=env, check=True, timeout=SOME_MINUTES, stdout=subprocess.DEVNULL)


@contextmanager
def private(folder: Path) -> Iterator[str]:
    """Address of an engine without networks that other programs of the machine do not see."""
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
    """A process that is ended with the block.

    It runs in a session of its own, so that Ctrl-C does not end it before its containers are
    removed.
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
    """Unmount everything under a folder, such as layers of an interrupted build."""
    places = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in reversed(places):  # later mounts may be inside earlier ones
        if Path(place).is_relative_to(folder):
            subprocess.run(["umount", "--lazy", place], check=True)


def disk(folder: Path) -> Path:
    """A folder on a file system in a single file, or a plain folder if the machine forbids that.

    The layers have 200,000 files: removing them one by one takes minutes, the single file no time.
    """
    data, file = folder / "data", folder / "disk"
    data.mkdir()
    with file.open("wb") as empty:
        empty.truncate(DISK_SIZE)
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
    """Ask a process to end, and kill it if it does not."""
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
