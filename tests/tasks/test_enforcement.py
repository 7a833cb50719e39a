"""The enforcement file in both spellings; what cannot be read is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.errors import Failure
from kit.tasks import enforcement


def put(repo: Path, content: bytes | str) -> None:
    path = repo / ".claude" / "platform_enforcement.md"
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("content", "fixed"),
    [
        ("cdk+typescript\n", ("cdk", "ts")),
        ("CDKTF + Python", ("cdktf", "py")),
        ("cfn-yaml", ("cfn", "yaml")),
        ("`pulumi+ts`", ("pulumi", "ts")),
        ("- Platform: Pulumi\n- Language: Python\n", ("pulumi", "py")),
        ("# Enforced\n\n<!-- until May -->\n* **Platform**: AWS CDK\n* **Language**: TypeScript\n", ("cdk", "ts")),
        ("\ufeffplatform: CDK for Terraform\r\nlanguage: ts\r\n", ("cdktf", "ts")),
        ("- Platform: CloudFormation", ("cfn", "")),
        ("Language: JSON", ("", "json")),
        ("", ("", "")),
        (" \n# nothing fixed\n<!-- cdk+ts -->\n", ("", "")),
    ],
)
def test_what_is_fixed(repo: Path, content: str, fixed: tuple[str, str]) -> None:
    put(repo, content)
    assert enforcement.read(repo) == fixed


def test_a_missing_file_fixes_nothing(repo: Path) -> None:
    assert enforcement.read(repo) == ("", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("cdk+cobol", r"line 1: cannot be understood: 'cdk\+cobol'"),
        ("- Platform: Terraform\n- Language: HCL", "line 1: cannot be understood"),
        ("\nplease use the usual one", "line 2: cannot be understood: 'please use the usual one'"),
        ("do not use pulumi", "line 1: cannot be understood"),
        ("cdk+yaml", "cdk is worked in ts or py, not in yaml"),
        ("cdk+ts\npulumi+ts", "line 2: says pulumi where an earlier line says cdk"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_what_cannot_be_understood_is_an_error_with_its_line(repo: Path, content: bytes | str, message: str) -> None:
    put(repo, content)
    with pytest.raises(Failure, match=message) as caught:
        enforcement.read(repo)
    assert "cdk+typescript" in caught.value.hint
