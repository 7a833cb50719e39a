"""One small file per platform: how its stages are run."""

from __future__ import annotations

from kit.errors import Failure
from kit.ladder.platforms.base import Platform

PLATFORMS = ("cdk", "cdktf", "cfn", "pulumi")


def platform(name: str, language: str) -> Platform:
    """The stages of a platform in a language; raises `Failure` for a pair that is not known."""
    if name == "cfn" and language in ("yaml", "json"):
        from kit.ladder.platforms.cfn import CloudFormation

        return CloudFormation(language)
    if name == "cdk" and language in ("ts", "py"):
        from kit.ladder.platforms.cdk import CDK

        return CDK(language)
    if name == "cdktf" and language in ("ts", "py"):
        from kit.ladder.platforms.cdktf import CDKTF

        return CDKTF(language)
    if name == "pulumi" and language in ("ts", "py"):
        from kit.ladder.platforms.pulumi import Pulumi

        return Pulumi(language)
    raise Failure(f"{name}-{language}: no such pair of platform and language")
