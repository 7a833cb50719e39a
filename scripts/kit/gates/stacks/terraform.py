"""Terraform configurations in JSON: what cdktf synthesizes, and what a Pulumi program's resource graph becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from kit.gates import template
from kit.gates.stacks import leaning, naming
from kit.gates.stacks.base import Name, Resource, Stack

# With these the capture answers for a Pulumi program: the account, and the newest image.
CAPTURED = {"123456789012": "<AccountId>", "ami-12c6146b": "<Image>"}
_TERM = re.compile(r"\$\{([^}]*)\}")
_OWN = re.compile(r"(?<![\w.])(?:aws|random|tls|archive|time)_\w+\.")
_CARRIER = re.compile(r"\bvar\.environment_?suffix\b", re.I)
_ACCOUNT = re.compile(r"\$\{\s*data\.aws_(caller_identity|region|partition)\.[^}]*\}")
_WORDS = {"caller_identity": "<AccountId>", "region": "<Region>", "partition": "<Partition>"}
_PROTECTION = re.compile(
    r"^(?:enable_)?(?:deletion|delete|termination)_protection(?:_enabled)?$|^disable_api_(?:termination|stop)$|"
    r"^object_lock_enabled$"
)
_OFF = (False, "false", "INACTIVE", "DISABLED", "Disabled", "", None)
_FINAL = re.compile(r"^aws_(?:db_instance|rds_cluster|docdb_cluster|neptune_cluster|redshift_cluster)$")
_KEPT = {
    "skip_destroy": (True, "true"),
    "retain_on_delete": (True, "true"),
    "force_destroy": (False, "false"),
    "force_delete": (False, "false"),
    "delete_on_termination": (False, "false"),
    "delete_automated_backups": (False, "false"),
}
# What takes over a resource that every account has, instead of making one.
_ADOPTED = re.compile(r"^aws_default_(?:vpc|subnet|vpc_dhcp_options)$")
_SECRET_KEY = re.compile(r"(?:^|_)(?:password|secret_string|auth_token|secret_key|private_key|secret_binary)$")
_SECRET_NAME = re.compile(r"(?:password|passwd|secret|token|api_?key|private_?key)$", re.I)
# Attributes that name another resource, where a fixed word names somebody else's.
_LEANING = re.compile(
    r"^(?:bucket|s3_bucket(?:_name)?|role|roles|table_name|function_name|key_name|rest_api_id|user_pool_id|zone_id|"
    r"hosted_zone_id|queue_url|log_group_name|db_subnet_group_name|iam_instance_profile|event_bus_name|secret_id|"
    r"stream_name|cluster_name|repository|topic)$"
)


class Terraform(Stack):
    """One configuration. `captured` says that a Pulumi program was run without a cloud to make it."""

    format: ClassVar[str] = "terraform"

    def __init__(self, path: str, body: dict[str, Any], suffix: str, *, captured: bool = False) -> None:
        super().__init__(path, body, suffix)
        self.captured = captured

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Every resource by its address, such as aws_sqs_queue.orders."""
        return {
            f"{kind}.{name}": Resource(kind, body)
            for kind, named in self.body["resource"].items()
            for name, body in _mapping(named).items()
            if isinstance(body, dict)
        }

    def made(self) -> list[Resource]:
        """All resources but those of which there are to be none."""
        return [
            one
            for one in self.resources.values()
            if one.body.get("count") != 0 and one.body.get("for_each") not in ({}, [])
        ]

    def sections(self) -> dict[str, Any]:
        """Outputs, data sources, locals, variables and providers; where the state lies says nothing."""
        kept = {
            name: value for name, value in self.body.items() if name not in ("resource", "terraform", "//", "output")
        }
        outputs = {name: _mapping(one).get("value") for name, one in _mapping(self.body.get("output")).items()}
        return _without_marks(kept | ({"output": outputs} if outputs else {}))

    def properties(self, resource: Resource) -> dict[str, Any]:
        """The attributes; policies read as documents, a block that stands once without its list."""
        return {key: _opened(value) for key, value in _without_marks(resource.body).items()}

    def suffix_problem(self) -> str:
        """A program has put the suffix in already."""
        return ""

    def names(self) -> Iterator[Name]:
        """The naming attributes of all resources."""
        for address, resource in self.resources.items():
            for key in naming.terraform(resource.kind):
                value = resource.body.get(key)
                if isinstance(value, str) and value:
                    yield Name(f"{address}/{key}", value[:80], self._is_own(value))

    def outliving(self) -> Iterator[str]:
        """What is told to stay, and databases whose final snapshot stays."""
        for address, resource in self.resources.items():
            body = resource.body
            for place, value in template.walk(_without_marks(body)):
                keeping = _KEPT.get(str(place[-1]), ()) if place else ()
                if any(value is one or value == one == str(value) for one in keeping):
                    yield f"{address}: {template.show(place)}: {value}: the stack would leave it behind"
            if _FINAL.match(resource.kind) and body.get("skip_final_snapshot") not in (True, "true"):
                replica = resource.kind == "aws_db_instance" and body.get("replicate_source_db")
                if not replica:
                    yield f"{address}: skip_final_snapshot is not true: its final snapshot would be left behind"
            if body.get("final_snapshot_identifier") and resource.kind.startswith("aws_elasticache_"):
                yield f"{address}: final_snapshot_identifier: its final snapshot would be left behind"
            if _prevented(body):
                yield f"{address}: lifecycle/prevent_destroy: the stack would leave it behind"

    def refusing(self) -> Iterator[str]:
        """Deletion protection, and prevent_destroy."""
        for address, resource in self.resources.items():
            for place, value in template.walk(_without_marks(resource.body)):
                protects = place and isinstance(place[-1], str) and _PROTECTION.match(place[-1])
                if protects and value not in (*_OFF, [], {}):
                    yield f"{address}: {template.show(place)}: {value}"
            if _prevented(resource.body):
                yield f"{address}: lifecycle/prevent_destroy: true"
            if resource.kind == "aws_backup_vault_lock_configuration":
                yield f"{address}: a vault lock: what is in the vault cannot be deleted"

    def foreign(self) -> Iterator[str]:
        """Data sources about the resources of others, ARNs, ids, and fixed words where a resource belongs."""
        for kind, named in _mapping(self.body.get("data")).items():
            for name, body in _mapping(named).items():
                if not self._may_ask(kind, _mapping(body)):
                    yield f"data.{kind}.{name}: asks for a resource that the stack does not make"
        for place, text in self.texts():
            for found in leaning.named(text, self.suffix):
                yield f"{place}: {found}"
        own = {value for resource in self.resources.values() for value in self._explicit(resource)}
        for address, resource in self.resources.items():
            if _ADOPTED.match(resource.kind):
                yield f"{address}: takes over what every account has: it is not the stack's own"
            yield from self._leaning_on(address, resource, own)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of resources, data sources, outputs, locals and providers."""
        for section in ("resource", "data", "output", "locals", "provider", "variable"):
            for place, value in template.walk(_without_marks(_mapping(self.body.get(section)))):
                if isinstance(value, str) and place[-1] != "description":
                    told = template.show(place if section == "resource" else (section, *place))
                    yield told, self._plain(value)

    def secrets(self) -> Iterator[tuple[str, str]]:
        """Attributes called password or the like, and the defaults of sensitive variables."""
        for address, resource in self.resources.items():
            for place, value in template.walk(_without_marks(resource.body)):
                if place and isinstance(value, str) and _SECRET_KEY.search(str(place[-1])):
                    yield f"{address}/{template.show(place)}", value
        for name, variable in _mapping(self.body.get("variable")).items():
            default = _mapping(variable).get("default")
            if default and (_mapping(variable).get("sensitive") is True or _SECRET_NAME.search(name)):
                yield f"variable/{name}/default", str(default)

    def _is_own(self, text: str) -> bool:
        """True for a name that holds the suffix, or is made from a resource of this stack or a random part."""
        return self.suffix in text or any(_OWN.search(term) or _CARRIER.search(term) for term in _TERM.findall(text))

    def _may_ask(self, kind: str, body: dict[str, Any]) -> bool:
        own = leaning.own()
        if kind in own["facts"]:
            return True
        texts = [value for _, value in template.walk(_without_marks(body)) if isinstance(value, str)]
        if kind == "aws_ssm_parameter":
            return any(one.startswith(tuple(own["public_parameters"])) for one in texts) or self._any_own(texts)
        managed = ("Managed-", "com.amazonaws.", "alias/aws/", "arn:aws:iam::aws:")
        return kind != "terraform_remote_state" and (
            self._any_own(texts) or any(one.startswith(managed) for one in texts)
        )

    def _any_own(self, texts: list[str]) -> bool:
        return any(_OWN.search(term) for text in texts for term in _TERM.findall(text) if not term.startswith("data."))

    def _explicit(self, resource: Resource) -> Iterator[str]:
        for key in naming.terraform(resource.kind):
            value = resource.body.get(key)
            if isinstance(value, str):
                yield value

    def _leaning_on(self, address: str, resource: Resource, own: set[str]) -> Iterator[str]:
        given = set(naming.terraform(resource.kind))
        for key, value in resource.body.items():
            if not _LEANING.match(key) or key in given or not resource.kind.startswith("aws_"):
                continue
            for one in value if isinstance(value, list) else [value]:
                if not isinstance(one, str):
                    continue
                fixed = one and "${" not in one and not one.startswith("arn:")
                known = one in own or one in ("default", *leaning.own()["zones"])
                if fixed and not known and not self._is_own(one):
                    yield f"{address}/{key}: {one}: which the stack does not make"

    def _plain(self, text: str) -> str:
        """Terms that only tell about the account as `<AccountId>`; what the capture put in is no text of the program."""
        text = _ACCOUNT.sub(lambda one: _WORDS[one[1]], text)
        for given, word in CAPTURED.items() if self.captured else ():
            text = text.replace(given, word)
        return text


def _prevented(body: dict[str, Any]) -> bool:
    lifecycle = body.get("lifecycle")
    parts = lifecycle if isinstance(lifecycle, list) else [lifecycle]
    return any(isinstance(one, dict) and one.get("prevent_destroy") in (True, "true") for one in parts)


def _without_marks(body: dict[str, Any]) -> dict[str, Any]:
    """Without the notes that cdktf leaves for itself."""
    return {key: _cleaned(value) for key, value in body.items() if key != "//"}


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return _without_marks(value)
    return [_cleaned(one) for one in value] if isinstance(value, list) else value


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _opened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return _opened(value[0]) if len(value) == 1 and isinstance(value[0], dict) else [_opened(one) for one in value]
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
