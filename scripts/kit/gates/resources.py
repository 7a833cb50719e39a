"""What a stack leaves behind, and what it leans on that is not its own."""

from __future__ import annotations

import re

from kit.gates.model import Look
from kit.gates.scan import without_comments
from kit.gates.stacks import leaning
from kit.gates.subject import Subject

_KEEPS = re.compile(
    r"\bRemovalPolicy\.(?:RETAIN\w*|SNAPSHOT)\b|\bretainOnDelete\s*:\s*true|\bretain_on_delete\s*=\s*True"
)
_REFUSES = re.compile(
    r"\b(?:terminationProtection|protect)\s*:\s*true\b|\b(?:termination_protection|protect)\s*=\s*True\b"
)
_LOOKUP = re.compile(
    r"\b(?:from_?lookup|fromLookup)\s*\(|\bImportValue\b|\bimport_value\b|\b(?:pulumi\.)?StackReference\s*\(|"
    r"\b(?:TerraformRemoteState|DataTerraformRemoteState\w*)\s*\(|\baws(?:\.\w+){2}\.get\s*\(",
    re.I,
)
# Something existing by a fixed name: s3.Bucket.fromBucketName(this, 'Shared', 'team-data').
_EXISTING = re.compile(
    r"\.(?P<how>from(?!Aws|_aws|CachePolicy|OriginRequest|ResponseHeaders)\w*(?:Name(?:V2)?|Arn|Id|_name(?:_v2)?|_arn|_id))"
    r"\s*\(\s*(?:this|self|scope)\s*,\s*[`'\"][^`'\"]*[`'\"]\s*,\s*(?:\w+\s*=\s*)?"
    # ARNs are judged by themselves; the others belong to AWS.
    r"(?P<name>f?[`'\"](?!arn:|alias/aws/|service-role/|AWS|Amazon|/aws/)[^`'\"{]+[`'\"])"
)


def retained(subject: Subject) -> Look:
    """No resource outlives its stack: no Retain, no snapshot, no prevent_destroy, no RemovalPolicy that keeps."""
    problems = [f"{stack.path}: {one}" for stack in subject.stacks for one in stack.outliving()]
    for path, text in programs(subject).items():
        problems += [f"{path}: {match[0]}: the stack would leave it behind" for match in _KEEPS.finditer(text)]
    return Look(f"{subject.count:,} resources go with their stack", problems)


def protected(subject: Subject) -> Look:
    """Nothing refuses its own deletion; what only a cloud could tell counts as refusing."""
    problems = [f"{stack.path}: {one}" for stack in subject.stacks for one in stack.refusing()]
    for path, text in programs(subject).items():
        problems += [f"{path}: {match[0]}: it would refuse to be deleted" for match in _REFUSES.finditer(text)]
    return Look(f"{subject.count:,} resources can be deleted", problems)


def foreign(subject: Subject) -> Look:
    """Nothing names a resource of another stack or account: ARNs, ids, images, imports, existing names."""
    problems = [f"{stack.path}: {one}" for stack in subject.stacks for one in stack.foreign()]
    for path, text in programs(subject).items():
        found = [
            *leaning.named(re.sub(r"\$\{(?:cdk\.)?Aws\.(\w+)\}", "<account>", text)),
            *(f"{match[0]}: belongs to another stack" for match in _LOOKUP.finditer(text)),
            *(f"{match['how']} {match['name']}: an existing resource" for match in _EXISTING.finditer(text)),
        ]
        problems += [f"{path}: {one}" for one in found]
    return Look(f"{subject.count:,} resources lean on nothing foreign", problems)


def programs(subject: Subject) -> dict[str, str]:
    """The programs among the code, by path, without their comments."""
    texts = subject.texts([name for name in subject.code if name.endswith((".ts", ".js", ".mjs", ".py"))])
    return {
        name: re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith(".py") else without_comments(text)
        for name, text in texts.items()
    }
