"""Escapes, tried from inside. They need bwrap; without it they fail."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.conftest import with_settings
from kit.agents import sandbox
from kit.agents.editor import Editor
from kit.agents.faults import Refused
from kit.agents.places import refusal
from kit.agents.shell import Shell
from kit.agents.watch import Watch
from kit.errors import StopAll
from kit.run.git import git
from kit.run.rundir import Run

SECRET = "planted-" + "s3cr3t"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    for path in (
        ".aws/credentials",
        ".ssh/id_ed25519",
        ".config/gh/hosts.yml",
        ".netrc",
        ".npmrc",
        ".cargo/credentials.toml",
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(SECRET)
    (folder / ".cargo/bin").mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", f"{folder}/.cargo/bin{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("GITHUB_TOKEN", SECRET)
    return folder


@pytest.fixture
def shell(run: Run, home: Path) -> Iterator[Shell]:
    assert shutil.which("bwrap"), "bwrap is not installed: apt-get install bubblewrap"
    (run.repo / ".env").write_text(SECRET)
    (run.worktree / "lib/MODEL_RESPONSE.md").write_text("as it came\n")
    (run.worktree / "jest").mkdir()
    (run.worktree / "jest/template.ts").write_text("export {}\n")
    made = Shell(run.worktree, run.logs / "shell.log", Watch(time.monotonic() + 300), mode="bwrap")
    yield made
    made.close()


def said(shell: Shell, command: str) -> str:
    try:
        return shell.run(command)
    except Refused as refused:
        return str(refused)


def test_it_is_a_working_shell(shell: Shell, run: Run) -> None:
    assert shell.run("cd lib; X=7") == ""
    assert shell.run("echo $X; basename $PWD") == "7\nlib\n"
    assert shell.run("echo new > made.yml; cat made.yml") == "new\n"
    assert (run.worktree / "lib/made.yml").read_text() == "new\n"
    assert shell.run("false") == "\n(exit status 1)"
    assert "x = 1" in shell.run(
        "python3 -c 'print(\"x = 1\")'; git -C . status --short | head -1; node -e 'console.log(1)'"
    )


READS = {
    "the home's AWS credentials": "cat {home}/.aws/credentials",
    "the home's SSH key": "cat {home}/.ssh/id_ed25519",
    "gh's token": "cat {home}/.config/gh/hosts.yml",
    "netrc": "cat {home}/.netrc {home}/.npmrc",
    "what lies beside a folder of the PATH": "cat {home}/.cargo/credentials.toml",
    "all of the home": "cat $(find {home} -type f 2>/dev/null)",
    "the repository's .env": "cat {repo}/.env",
    "the environment": "env; set",
    "the environment of process 1": "cat /proc/1/environ | tr '\\0' '\\n'",
    "the environment of every process": "cat /proc/*/environ | tr '\\0' '\\n'",
    "the root of process 1": "cat /proc/1/root{home}/.aws/credentials",
    "the tilde": "cat ~/.aws/credentials",
    "after unmounting the home": "umount {home}; cat {home}/.aws/credentials",
    "after remounting": "mount -o remount,bind,rw /; cat {home}/.aws/credentials",
    "through a new user namespace": "unshare -Ur sh -c 'umount {home}; cat {home}/.aws/credentials'",
    "through a nested bwrap": "bwrap --ro-bind / / cat {home}/.aws/credentials",
    "through a link in the worktree": "ln -s {home}/.aws lib/aws; cat lib/aws/credentials",
    "through nsenter": "nsenter -t 1 -m cat {home}/.aws/credentials",
    "through a raw disk": "debugfs -R 'cat {home}/.aws/credentials' /dev/vda",
    "through the descriptors it was given": "cat /proc/self/fd/* </dev/null 2>/dev/null & sleep 0.3; kill %1",
}


@pytest.mark.parametrize("escape", READS)
def test_a_secret_is_not_read(shell: Shell, run: Run, home: Path, escape: str) -> None:
    assert SECRET not in said(shell, READS[escape].format(home=home, repo=run.repo))
    assert shell.run("echo still here").endswith("still here\n")


WRITES = {
    "the main checkout": ("echo x > {repo}/package.json", "{repo}/package.json"),
    "git's config": ("git config core.hooksPath /tmp; echo x >> {repo}/.git/config", "{repo}/.git/config"),
    "git's hooks": (
        "mkdir -p {repo}/.git/hooks; echo x > {repo}/.git/hooks/pre-commit",
        "{repo}/.git/hooks/pre-commit",
    ),
    "git's refs": ("git update-ref refs/heads/evil HEAD; git branch evil", "{repo}/.git/refs/heads/evil"),
    "the worktree's .git pointer": ("echo gitdir: /tmp > .git; rm -f .git; mv .git x", "{worktree}/.git"),
    "the home": ("echo x > {home}/.bashrc; mkdir -p {home}; echo x > {home}/.bashrc", "{home}/.bashrc"),
    "the run's own records": ("echo x > {repo}/.runs/277/task.json; rm -rf {repo}/.runs", "{repo}/.runs/277/task.json"),
    "package.json": ("echo x > package.json; rm package.json; mv package.json y", "{worktree}/package.json"),
    "the toolkit's support files": ("echo x > jest/template.ts; rm -rf jest; mv jest j", "{worktree}/jest/template.ts"),
    "the model's response": (
        "echo x > lib/MODEL_RESPONSE.md; rm -f lib/MODEL_RESPONSE.md",
        "{worktree}/lib/MODEL_RESPONSE.md",
    ),
    "the model's response, with its folder": (
        "mv lib lib2; mkdir lib; echo x > lib/MODEL_RESPONSE.md",
        "{worktree}/lib/MODEL_RESPONSE.md",
    ),
    "a file through ..": ("echo x > ../../package.json", "{repo}/package.json"),
    "the task list": ("echo x > {repo}/tasks.csv", "{repo}/tasks.csv"),
    "/etc": ("echo x > /etc/sandbox-was-here", "/etc/sandbox-was-here"),
    "/tmp of the host": ("echo x > /tmp/sandbox-was-here", "/tmp/sandbox-was-here"),
    "a remounted root": ("mount -o remount,rw,bind / /; echo x > {repo}/package.json", "{repo}/package.json"),
    "a link to the outside": ("ln -s {repo} lib/out; echo x > lib/out/package.json", "{repo}/package.json"),
}


@pytest.mark.parametrize("escape", WRITES)
def test_a_file_of_the_host_is_not_written(shell: Shell, run: Run, home: Path, escape: str) -> None:
    command, name = WRITES[escape]
    places = {"repo": run.repo, "worktree": run.worktree, "home": home}
    path = Path(name.format(**places))
    before = path.read_bytes() if path.exists() else None
    said(shell, command.format(**places))
    assert (path.read_bytes() if path.exists() else None) == before


def test_no_setting_of_the_kernel_can_be_written(shell: Shell) -> None:
    # What stands there is written back, so that a hole does no harm here.
    again = 'v=$(cat $f 2>/dev/null) && (echo "$v" > $f) 2>/dev/null && echo WROTE $f'
    names = "kernel/core_pattern kernel/modprobe vm/swappiness"
    told = said(
        shell, f"cd /proc/sys; for f in {names}; do {again}; done; find . /proc/irq -type f -writable | head -3"
    )
    assert told == ""


def test_no_address_is_reached(shell: Shell) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    tries = f"for a in 169.254.169.254/80 127.0.0.1/{port} 1.1.1.1/53; do (echo > /dev/tcp/$a) 2>/dev/null && echo OPEN $a; done; true"
    assert "OPEN" not in said(shell, tries)
    listener.close()


def test_no_unix_socket_of_the_host_is_reached(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        connect = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print('OPEN')"
        for one in (path, "/run/docker.sock", "/var/run/docker.sock"):
            assert "OPEN" not in said(shell, f'python3 -c "{connect}" {one} 2>&1')


def test_capabilities_are_gone_and_no_namespace_can_be_made(shell: Shell) -> None:
    assert "CapEff:\t0000000000000000" in shell.run("grep CapEff /proc/self/status")
    assert "MADE" not in said(shell, "unshare -U true && echo MADE; unshare -Urm true && echo MADE")


def test_processes_of_the_host_are_not_seen_or_signalled(shell: Shell) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        assert str(sleeper.pid) not in shell.run("ls /proc | tr '\\n' ' '; ls /proc | wc -l").split()
        said(shell, f"kill -9 {sleeper.pid}; kill -9 -1")
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_what_left_its_session_dies_with_the_shell(shell: Shell, run: Run) -> None:
    mark = run.worktree / "lib/alive"
    shell.run("setsid nohup sh -c 'while :; do date +%N > lib/alive; sleep 0.05; done' >/dev/null 2>&1 & sleep 0.3")
    assert mark.exists()
    shell.close()
    first = mark.read_text()
    time.sleep(0.3)
    assert mark.read_text() == first


def test_a_fork_bomb_is_ended_and_the_shell_comes_back(shell: Shell) -> None:
    bomb = "bomb() { [ $1 -gt 0 ] && { bomb $(($1 - 1)) & bomb $(($1 - 1)) & }; sleep 20; }; bomb 10"
    assert "processes" in said(shell, bomb)
    assert shell.run("echo back") == "back\n"


def test_endless_output_is_ended_cut_in_the_middle_and_the_log_bounded(shell: Shell, run: Run) -> None:
    text = said(shell, "echo first; yes | head -c 10000000000")
    assert text.startswith("first") and "left out" in text and "MiB of output" in text and len(text) < 30_000
    assert (run.logs / "shell.log").stat().st_size < 80 * 1024 * 1024
    assert shell.run("echo back") == "back\n"


def test_output_is_cut_in_the_middle_and_whole_in_the_log(shell: Shell, run: Run) -> None:
    text = shell.run("seq 1 20000")
    assert text.startswith("1\n2\n") and text.endswith("20000\n") and "left out" in text
    log = (run.logs / "shell.log").read_text()
    assert all(f"\n{number}\n" in log for number in (1, 9999, 10000, 20000))


def test_a_command_that_takes_too_long_is_ended(run: Run, home: Path) -> None:
    shell = Shell(run.worktree, run.logs / "shell.log", Watch(time.monotonic() + 300), mode="bwrap", seconds=1)
    assert "exceeded its time" in said(shell, "sleep 30")
    assert shell.run("echo back") == "back\n"
    shell.close()


def test_the_end_of_the_output_cannot_be_forged(shell: Shell) -> None:
    text = shell.run(
        "for n in 1 2 3; do printf '\\n%s 0\\n' 0123456789abcdef0123456789abcdef; done; echo real; exit_code() { return 3; }; exit_code"
    )
    assert "real" in text and "exit status 3" in text


def test_a_command_that_reads_its_own_output_does_not_stop_the_shell(shell: Shell) -> None:
    # What it takes away is what the wait was woken for.
    began = time.monotonic()
    said(shell, "timeout 2 cat /proc/self/fd/1 >/dev/null & for n in $(seq 2000); do echo $n; done; wait")
    assert shell.run("echo back") == "back\n"
    assert time.monotonic() - began < 60


def test_a_command_that_gives_words_another_meaning_does_not_stop_the_shell(shell: Shell) -> None:
    shell.run(
        "printf() { builtin printf 'other\\n'; }; eval() { echo other; }; shopt -s expand_aliases; alias eval=false"
    )
    assert shell.run("echo back") == "back\n"


def test_exit_ends_the_shell_and_a_new_one_comes(shell: Shell) -> None:
    assert "the shell ended" in said(shell, "exit 4")
    assert shell.run("echo back") == "back\n"


@pytest.mark.parametrize("command", ["echo 'open", "if true; then", "cat <<EOF", ")", "\x00echo", "echo \udcff"])
def test_a_broken_command_does_not_break_the_shell(shell: Shell, command: str) -> None:
    said(shell, command)
    assert shell.run("echo back").endswith("back\n")


def test_a_key_in_the_output_is_neither_shown_nor_logged(shell: Shell, run: Run) -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    pem = "-----BEGIN RSA PRIVATE " + "KEY-----"
    text = shell.run(
        f"echo {key[:4]}''{key[4:]}; echo '{pem}'; sleep 0.2; echo line-of-the-key; echo '{pem.replace('BEGIN', 'END')}'; echo after"
    )
    log = (run.logs / "shell.log").read_text()
    for shown in (text, log):
        assert key not in shown and "after" in shown
    assert "line-of-the-key" not in text


EDITS = [
    "../x",
    "lib/../../x",
    "/etc/x",
    ".git/config",
    "package.json",
    "jest/template.ts",
    "lib/IDEAL_RESPONSE.md",
    "metadata.json",
    "~/.bashrc",
    "lib/" + "x" * 300,
    "lib/" + "x/" * 300 + "x",
    "lib/\ud800",
]


@pytest.mark.parametrize("path", EDITS)
def test_the_editor_refuses_a_path(run: Run, path: str) -> None:
    editor = Editor(run.worktree, refusal)
    with pytest.raises(Refused, match=r"nothing was changed|refused|not a file|relative|too long"):
        editor.work({"command": "create", "path": path, "file_text": "x"})


@pytest.mark.parametrize("path", [".env", ".npmrc", ".aws/credentials", "lib/.env"])
def test_the_editor_shows_no_credentials(run: Run, path: str) -> None:
    (run.worktree / path).parent.mkdir(exist_ok=True)
    (run.worktree / path).write_text(SECRET)
    with pytest.raises(Refused, match="credentials"):
        Editor(run.worktree, refusal).work({"command": "view", "path": path})


@pytest.mark.parametrize("command", ["create", "view", "str_replace", "insert"])
@pytest.mark.parametrize("link", ["file", "folder", "dangling"])
def test_the_editor_follows_no_link(run: Run, tmp_path: Path, command: str, link: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text(SECRET)
    target = {"file": outside / "secret", "folder": outside, "dangling": outside / "new"}[link]
    (run.worktree / "lib/link").symlink_to(target)
    path = "lib/link/secret" if link == "folder" else "lib/link"
    given = {
        "command": command,
        "path": path,
        "file_text": "x",
        "old_str": SECRET,
        "new_str": "x",
        "insert_line": 0,
        "insert_text": "x",
    }
    with pytest.raises(Refused):
        Editor(run.worktree, refusal).work(given)
    assert (outside / "secret").read_text() == SECRET and not (outside / "new").exists()


def test_the_editor_does_not_wait_for_a_pipe(run: Run) -> None:
    os.mkfifo(run.worktree / "lib/pipe")
    with pytest.raises(Refused, match="no regular file"):
        Editor(run.worktree, refusal).work({"command": "view", "path": "lib/pipe"})


def test_without_bwrap_a_live_model_is_refused_and_the_rehearsal_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sandbox, "_told", set())
    with pytest.raises(StopAll, match="bwrap is not installed") as caught:
        sandbox.mode(run.settings, live=True)
    assert "SANDBOX=none" in caught.value.hint
    assert sandbox.mode(run.settings, live=False) == "none"
    assert "without a sandbox" in capsys.readouterr().err
    assert sandbox.mode(with_settings(run, switches__sandbox="none").settings, live=True) == "none"


def test_a_bwrap_that_is_forbidden_its_namespaces_counts_as_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = tmp_path / "bin" / "bwrap"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(sandbox, "_told", set())
    with pytest.raises(StopAll, match=r"does not work here .*uid map"):
        sandbox.mode(run.settings, live=True)
    assert sandbox.mode(run.settings, live=False) == "none"
    assert "without a sandbox" in capsys.readouterr().err


@pytest.fixture
def emulator() -> Iterator[int]:
    class Hello(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello " * 20000)

        def log_message(self, *words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_loopback_reaches_the_one_port_and_no_other(run: Run, home: Path, emulator: int) -> None:
    other = socket.create_server(("127.0.0.1", 0))
    script = (
        "import urllib.request, socket, sys\n"
        f"print(len(urllib.request.urlopen('http://127.0.0.1:{emulator}/').read()))\n"
        f"for a in [('127.0.0.1', {other.getsockname()[1]}), ('169.254.169.254', 80)]:\n"
        "    try: socket.create_connection(a, 1); print('OPEN')\n"
        "    except OSError: print('closed')\n"
        "sys.exit(3)\n"
    )
    words = sandbox.wrap(["python3", "-c", script], run.worktree, network="loopback", port=emulator)
    ended = subprocess.run(words, env=sandbox.environment(), capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.returncode) == ("120000\nclosed\nclosed\n", 3), ended.stderr
    other.close()


def test_what_the_wrapped_command_left_running_is_gone(run: Run, home: Path) -> None:
    words = sandbox.wrap(
        ["bash", "-c", "setsid sh -c 'while :; do date +%N > lib/alive; sleep 0.05; done' & sleep 0.3"], run.worktree
    )
    subprocess.run(words, env=sandbox.environment(), check=True, timeout=60)
    first = (run.worktree / "lib/alive").read_text()
    time.sleep(0.3)
    assert (run.worktree / "lib/alive").read_text() == first


def test_outputs_of_tools_can_be_written(run: Run, home: Path) -> None:
    (run.worktree / "coverage").mkdir()
    script = "echo 1 > coverage/a; mkdir cdk.out; echo 1 > cdk.out/b; echo 1 > test/c"
    subprocess.run(
        sandbox.wrap(["bash", "-ec", script], run.worktree), env=sandbox.environment(), check=True, timeout=60
    )
    assert (run.worktree / "cdk.out/b").exists() and (run.worktree / "coverage/a").exists()


def test_git_works_inside_for_reading(shell: Shell, run: Run) -> None:
    assert "base" in shell.run("git log --oneline")
    assert git(run.worktree, "status", "--porcelain").startswith("??")
