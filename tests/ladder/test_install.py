"""Dependencies: by the lock file, once, and never shared for writing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import cache as cache_script
import install_deps
from kit.errors import Failure
from kit.ladder import cache, install
from kit.run import receipts
from kit.run.rundir import Run


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(cache, "root", lambda: folder)
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package as a local archive, so that nothing is downloaded."""
    body = tmp_path / "package"
    body.mkdir()
    (body / "package.json").write_text('{"name": "leaf", "version": "1.0.0", "bin": {"leaf": "leaf.js"}}')
    (body / "leaf.js").write_text("#!/usr/bin/env node\nconsole.log('leaf')\n")
    (body / "data").mkdir()
    (body / "data" / "one.txt").write_text("one")
    with tarfile.open(tmp_path / "leaf.tgz", "w:gz") as archive:
        archive.add(body, arcname="package")
    return tmp_path / "leaf.tgz"


def project(folder: Path, package: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"name": "tap", "version": "1.0.0", "dependencies": {"leaf": f"file:{package}"}}
    (folder / "package.json").write_text(json.dumps(manifest))
    subprocess.run(["npm", "install", "--package-lock-only"], cwd=folder, check=True, capture_output=True)
    return folder


def test_the_second_time_comes_from_the_cache(tmp_path: Path, package: Path) -> None:
    one, two = project(tmp_path / "one", package), project(tmp_path / "two", package)
    assert install.install(one, tmp_path / "log").how == "filled"
    assert install.install(two, tmp_path / "log").how == "hit"
    for each in (one, two):
        assert (each / "node_modules" / "leaf" / "data" / "one.txt").read_text() == "one"
        said = subprocess.run([each / "node_modules" / ".bin" / "leaf"], capture_output=True, text=True, check=True)
        assert said.stdout == "leaf\n"
        assert install.is_installed(each)


def test_files_are_handed_out_read_only(tmp_path: Path, package: Path) -> None:
    one = project(tmp_path / "one", package)
    install.install(one, tmp_path / "log")
    file = one / "node_modules" / "leaf" / "data" / "one.txt"
    assert file.stat().st_mode & 0o222 == 0
    assert file.stat().st_nlink == 2


def test_what_a_task_wrote_into_the_cache_reaches_no_other(
    tmp_path: Path, package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = project(tmp_path / "one", package), project(tmp_path / "two", package)
    install.install(one, tmp_path / "log")
    file = one / "node_modules" / "leaf" / "data" / "one.txt"
    file.chmod(0o644)
    file.write_text("two")
    assert install.install(two, tmp_path / "log").how == "refilled"
    assert (two / "node_modules" / "leaf" / "data" / "one.txt").read_text() == "one"
    assert "thrown away and filled anew" in capsys.readouterr().err


def test_a_new_lock_file_means_a_new_installation(tmp_path: Path, package: Path) -> None:
    one = project(tmp_path / "one", package)
    install.install(one, tmp_path / "log")
    lock = one / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not install.is_installed(one)
    assert install.install(one, tmp_path / "log").how == "filled"


def test_scripts_that_are_not_run_by_an_installation_do_not_ask_for_a_new_one(tmp_path: Path, package: Path) -> None:
    one = project(tmp_path / "one", package)
    manifest = json.loads((one / "package.json").read_text())
    before = install.node_key(one)
    (one / "package.json").write_text(json.dumps(manifest | {"scripts": {"lint": "eslint ."}}))
    assert install.node_key(one) == before
    (one / "package.json").write_text(json.dumps(manifest | {"scripts": {"postinstall": "true"}}))
    assert install.node_key(one) != before


def test_eight_at_once(tmp_path: Path, package: Path, own_cache: Path) -> None:
    projects = [project(tmp_path / f"p{number}", package) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        how = list(pool.map(lambda each: install.install(each, tmp_path / f"{each.name}.log").how, projects))
    assert sorted(how) == ["filled"] + ["hit"] * 7
    assert all((each / "node_modules" / "leaf" / "leaf.js").exists() for each in projects)
    assert not list(own_cache.glob(".fill-*"))


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, package: Path, own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_cache.write_text("a file stands where the folder should be")
    one = project(tmp_path / "one", package)
    assert install.install(one, tmp_path / "log").how == "direct"
    assert "installing without it" in capsys.readouterr().err
    assert (one / "node_modules" / "leaf" / "leaf.js").exists()


def test_a_full_cache_disk_is_done_without(
    tmp_path: Path, package: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = project(tmp_path / "one", package)
    full = tmp_path / "bin" / "npm"
    full.parent.mkdir()
    lines = ["#!/bin/sh", f'case "$PWD" in {own_cache}*) echo "npm error code ENOSPC" >&2; exit 228;; esac']
    full.write_text("\n".join([*lines, f'exec {shutil.which("npm")} "$@"']) + "\n")
    full.chmod(0o755)
    monkeypatch.setenv("PATH", f"{full.parent}{os.pathsep}{os.environ['PATH']}")
    assert install.install(one, tmp_path / "log").how == "direct"
    assert (one / "node_modules" / "leaf" / "leaf.js").exists()


def test_a_cache_disk_that_is_really_full_is_done_without(
    tmp_path: Path, package: Path, own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_cache.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(own_cache)], capture_output=True)
    if mounted.returncode:
        pytest.skip("not run: mounting a small disk needs root")
    try:
        with pytest.raises(OSError, match="No space left"):
            (own_cache / "ballast").write_bytes(bytes(1 << 20))
        one = project(tmp_path / "one", package)
        assert install.install(one, tmp_path / "log").how == "direct"
        assert "the dependency cache cannot be used" in capsys.readouterr().err
        assert (one / "node_modules" / "leaf" / "leaf.js").exists()
        assert install.is_installed(one)
        assert not list(own_cache.glob(".fill-*"))
    finally:
        subprocess.run(["umount", str(own_cache)], check=True)


def test_a_lock_file_that_does_not_fit_is_refused(tmp_path: Path, package: Path, own_cache: Path) -> None:
    one = project(tmp_path / "one", package)
    manifest = json.loads((one / "package.json").read_text())
    manifest["dependencies"]["other"] = f"file:{package}"
    (one / "package.json").write_text(json.dumps(manifest))
    with pytest.raises(Failure, match=r"`npm ci .*` failed") as caught:
        install.install(one, tmp_path / "log")
    assert "log" in caught.value.hint
    assert not cache.entries() and not list(own_cache.glob(".fill-*"))


@pytest.mark.parametrize(
    ("name", "words"), [("package.json", "neither package.json nor Pipfile"), ("package-lock.json", "lock file")]
)
def test_what_is_missing_is_named(tmp_path: Path, package: Path, name: str, words: str) -> None:
    one = project(tmp_path / "one", package)
    (one / name).unlink()
    with pytest.raises(Failure, match=words):
        install.install(one, tmp_path / "log")


@pytest.mark.parametrize(("version", "words"), [("v16.20.0", "node is v16.20.0; 20 or newer"), ("", "unknown version")])
def test_an_old_node_is_refused(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch, version: str, words: str
) -> None:
    one = project(tmp_path / "one", package)
    fake = tmp_path / "bin" / "node"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho {version}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Failure, match=words):
        install.install(one, tmp_path / "log")


def test_the_script_shows_and_prunes(tmp_path: Path, package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install.install(project(tmp_path / "one", package), tmp_path / "log")
    assert cache_script.main(["--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["files"] == 4 and entry["bytes"] > 0
    assert cache_script.main(["--prune", "--days", "1"]) == 0
    assert len(cache.entries()) == 1
    assert cache_script.main(["--prune"]) == 0
    assert cache.entries() == []
    assert (tmp_path / "one" / "node_modules" / "leaf" / "leaf.js").exists()


def test_an_entry_in_use_is_not_pruned(tmp_path: Path, package: Path, own_cache: Path) -> None:
    from kit import lock

    install.install(project(tmp_path / "one", package), tmp_path / "log")
    (entry,) = cache.entries()
    with lock.hold(own_cache / f"{entry.name}.lock", what="a test"):
        assert cache.prune() == []
    assert cache.prune() == [entry.name]


def test_the_step_leaves_a_receipt(run: Run, package: Path, tmp_path: Path) -> None:
    from make_worktree import make

    make(run)
    project(run.worktree, package)
    assert install_deps.install(run)["cache"] == "filled"
    (_, receipt) = receipts.read_all(run)[-1]
    assert (receipt.stage, receipt.verdict, receipt.argv) == ("install", "passed", [install.NPM_CI])
    assert receipt.figures["packages"] == 1
    before = len(receipts.read_all(run))
    install_deps.install(run)
    assert len(receipts.read_all(run)) == before


def test_a_project_of_someone_else_is_installed_too(
    tmp_path: Path, package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = project(tmp_path / "own", package)
    assert install_deps.main(["--project", str(own), "--platform", "cfn-yaml"]) == 0
    assert install.is_installed(own)
    assert Path(capsys.readouterr().out.strip()).is_file()
    assert install_deps.main(["--project", str(own)]) == 2
    (own / "package-lock.json").unlink()
    assert install_deps.main(["--project", str(own), "--platform", "cfn-yaml"]) == 1
    assert "package-lock.json: no such file" in capsys.readouterr().err


def test_a_failed_step_leaves_a_failed_receipt(run: Run, package: Path) -> None:
    from make_worktree import make

    make(run)
    project(run.worktree, package)
    (run.worktree / "package-lock.json").unlink()
    with pytest.raises(Failure, match="lock file"):
        install_deps.install(run)
    assert receipts.read_all(run)[-1][1].verdict == "failed"


def test_the_scripts_start_without_heavy_imports() -> None:
    code = "import sys, run_stage, install_deps, cache; print([m for m in sys.modules if m in "
    code += "('boto3', 'anthropic', 'pandas', 'moto', 'jinja2', 'cfnlint', 'jsonschema')])"
    scripts = str(Path(install_deps.__file__).parent)
    said = subprocess.run([sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
