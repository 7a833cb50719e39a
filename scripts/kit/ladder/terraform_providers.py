"""Where `terraform init` gets its providers: a folder that holds them, the user's own settings, or the registry, once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from kit import lock
from kit.errors import Failure
from kit.settings import TOOLKIT, Settings

FOLDERS = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/opt/tf-plugins")
"""Where machines that do not reach the registry keep providers; the first two are Terraform's own places."""

REMEDY = "where their registry is out of reach, name a folder of them: ladder.terraform_mirror"


def mirror_words() -> list[str]:
    """The words by which `terraform init` takes providers from a folder: ladder.terraform_mirror, or one of `FOLDERS`.

    Of those the first counts that holds the AWS provider, and none where the user has settings of Terraform.
    """
    named = Settings.load()["ladder.terraform_mirror"]
    if named and not Path(named).is_dir():
        raise Failure(
            f"ladder.terraform_mirror = {named!r}: no such folder", hint="name a folder of providers, or none"
        )
    if not named and not user_settings():
        kept = (Path(folder).expanduser() for folder in FOLDERS)
        named = next((folder for folder in kept if any(folder.glob("registry.terraform.io/hashicorp/aws/*"))), "")
    return [f"-plugin-dir={named}"] if named else []


def user_settings() -> dict[str, str]:
    """The variables that name the user's own settings of Terraform, although a stage has a home of its own."""
    config = Path(os.environ.get("TF_CLI_CONFIG_FILE") or Path.home() / ".terraformrc")
    found = {"TF_CLI_CONFIG_FILE": str(config)} if config.is_file() else {}
    cache = os.environ.get("TF_PLUGIN_CACHE_DIR", "")
    return found | ({"TF_PLUGIN_CACHE_DIR": cache} if cache and Path(cache).is_dir() else {})


@contextlib.contextmanager
def source() -> Iterator[tuple[list[str], dict[str, str]]]:
    """More words and variables for one `terraform init`.

    What comes from the registry is kept for the next time; only one may fill that cache at a time.
    """
    words, own = mirror_words(), user_settings()
    if words or own:
        yield words, own
        return
    kept = TOOLKIT / ".cache" / "terraform" / "providers"
    kept.mkdir(parents=True, exist_ok=True)
    with lock.hold(kept.with_suffix(".lock"), what="the cache of Terraform's providers", wait=1200.0):
        # Without the second, a folder that has no lock file yet downloads anew what is in the cache.
        yield [], {"TF_PLUGIN_CACHE_DIR": str(kept), "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1"}
