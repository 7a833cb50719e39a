"""What gates ask of a stack, whatever it is written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Resource:
    """One resource: its type as the format names it (AWS::S3::Bucket, aws_s3_bucket) and all that it says."""

    kind: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Name:
    """An explicit physical name or export: where it stands, as one reads it, and whether it holds the suffix."""

    where: str
    shown: str
    holds: bool


class Stack(ABC):
    """A template or configuration. `path` is what problems call it; places inside it are `Orders/QueueName`.

    `suffix` is ENVIRONMENT_SUFFIX as a synthesizer wrote it into names, "" where a parameter carries it.
    """

    # The key of services.toml under which the types of this format stand.
    format: ClassVar[str] = ""

    def __init__(self, path: str, body: dict[str, Any], suffix: str) -> None:
        self.path, self.body, self.suffix = path, body, suffix

    @property
    @abstractmethod
    def resources(self) -> dict[str, Resource]:
        """The resources by their address inside the stack."""

    @abstractmethod
    def made(self) -> list[Resource]:
        """The resources that a deployment makes; one under a condition that is never met is none."""

    @abstractmethod
    def sections(self) -> dict[str, Any]:
        """What the stack says beside its resources: outputs, parameters, providers."""

    @abstractmethod
    def properties(self, resource: Resource) -> dict[str, Any]:
        """What can differ between two versions of a resource, by the name of the property."""

    @abstractmethod
    def names(self) -> Iterator[Name]:
        """Every explicit physical name, and every export."""

    @abstractmethod
    def suffix_problem(self) -> str:
        """Why the stack cannot be given a suffix; "" when it can."""

    @abstractmethod
    def outliving(self) -> Iterator[str]:
        """What would be left behind when the stack is deleted."""

    @abstractmethod
    def refusing(self) -> Iterator[str]:
        """What would refuse to be deleted with the stack."""

    @abstractmethod
    def foreign(self) -> Iterator[str]:
        """What leans on a resource that the stack does not own."""

    @abstractmethod
    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the stack that is deployed, with its place."""

    @abstractmethod
    def secrets(self) -> Iterator[tuple[str, str]]:
        """Every place where a password or another secret belongs and a text stands, with that text."""
