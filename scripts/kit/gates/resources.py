"""What a stack leaves behind, and what it leans on that is not its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.gates.model import Look
from kit.gates.scan import without_comments
from kit.gates.stacks import leaning
from kit.gates.subject import Subject

_KEEPS = re.compile(
    r"""(?:Removal|Deletion)Policy(?:\.|\[[^\]\n]*['"])(?:RETAIN\w*|SNAPSHOT)\b|"""
    # What is decided when the program runs can be on in another environment.
    r"""\b(?:retainOnDelete|retain_on_delete)\b["']?\s*(?:[:=]\s*(?!\s|[Ff]alse\b)[^,})\n]+|(?=[,}]))"""
)
_REFUSES = re.compile(
    r"""\b(?:terminationProtection|termination_protection|enableTerminationProtection)\b["']?\s*(?:[:=]\s*(?!\s|=|[Ff]alse\b|undefined\b|None\b|bool)[^,})\n;]+|(?=[,}]))|"""
    r"""(?<![.\w])protect["']?\s*(?:[:=]\s*(?!\s|=|[Ff]alse\b|undefined\b|None\b)[^,})\n;]+|(?=\s*[,}]))"""
)
_LOOKUP = re.compile(
    r"\b(?:value_?)?from_?lookup\s*\(|\bImportValue\b|\bimport_value\b|\b(?:pulumi\.)?StackReference\s*\(|"
    r"\b(?:TerraformRemoteState|DataTerraformRemoteState\w*)\s*\(|\baws(?:\.\w+){2}\.get\s*\(",
    re.I,
)
# Something existing by a fixed name: s3.Bucket.fromBucketName(this, 'Shared', 'team-data').
_EXISTING = re.compile(
    r"\.(?P<how>from(?!Aws|_aws|CachePolicy|OriginRequest|ResponseHeaders)\w*(?:Name(?:V2)?|Arn|Id|_name(?:_v2)?|_arn|_id))"
    r"\s*\(\s*(?:this|self|scope)\s*,\s*[`'\"][^`'\"]*[`'\"]\s*,\s*(?:\w+\s*=\s*)?"
    # ARNs are judged by themselves; the others belong to AWS.
    r"(?P<name>f?[`'\"](?!arn:|alias/aws/|service-role/|AWS|Amazon|/aws/)[^`'\"{]+[`'\"]|[A-Za-z_]\w*(?=\s*[,)]))"
)
_ATTRIBUTES = re.compile(
    r"\.(?P<how>from\w*Attributes|from\w*_attributes)\s*\(\s*(?:this|self|scope)\s*,\s*[`'\"][^`'\"]*[`'\"]\s*,"
    r"[^;{}]*?\{?[^;{}]*?\b\w*(?:Name|Arn|Id|_name|_arn|_id)\s*[:=]\s*(?P<name>[`'\"](?!arn:)[^`'\"{]+[`'\"])"
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
            *(f"{how} {name}: an existing resource" for how, name in _existing(text)),
        ]
        problems += [f"{path}: {one}" for one in found]
    return Look(f"{subject.count:,} resources lean on nothing foreign", problems)


def _existing(text: str) -> Iterator[tuple[str, str]]:
    """How and by which fixed name a program takes something existing."""
    for match in _ATTRIBUTES.finditer(text):
        yield match["how"], match["name"]
    for match in _EXISTING.finditer(text):
        name = match["name"]
        if re.fullmatch(r"\w+", name):
            # A name of the program's own that stands for a fixed text.
            given = re.search(
                rf"""(?<![.\w]){name}\s*(?::\s*\w+\s*)?=\s*(?P<text>[`'"](?!arn:|alias/aws/|service-role/|/aws/)[^`'"{{\n]+[`'"])""",
                text,
            )
            if given is None:
                continue
            name = given["text"]
        yield match["how"], name


def programs(subject: Subject) -> dict[str, str]:
    """The programs among the code, by path, without their comments."""
    texts = subject.texts([name for name in subject.code if name.endswith((".ts", ".js", ".mjs", ".py"))])
    return {
        name: re.sub(r"(?m)(^|\s)#.*$", r"\1", text) if name.endswith(".py") else without_comments(text)
        for name, text in texts.items()
    }
