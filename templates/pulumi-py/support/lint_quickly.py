"""Lets pylint take huge generated bindings as unknown instead of reading them, which takes minutes."""

from typing import Any

from astroid import exceptions
from astroid.manager import AstroidManager

BINDINGS = {"aws_cdk", "cdktf", "cdktf_cdktf_provider_aws", "constructs", "pulumi_aws"}

_read = AstroidManager.ast_from_module_name


def _read_unless_huge(self: AstroidManager, modname: str | None, *words: Any, **named: Any) -> Any:
    if modname and modname.partition(".")[0] in BINDINGS:
        raise exceptions.AstroidImportError("not read", modname=modname)
    return _read(self, modname, *words, **named)


AstroidManager.ast_from_module_name = _read_unless_huge  # type: ignore[method-assign]
