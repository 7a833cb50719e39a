"""Template macros that can be applied here."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.resolve import TemplateError


def apply(template: dict[str, Any]) -> dict[str, Any]:
    """The template after its Transform. Raises `TemplateError` naming a macro that is not emulated."""
    names = template["Transform"] if isinstance(template["Transform"], list) else [template["Transform"]]
    for name in names:
        if name == "AWS::LanguageExtensions":
            continue
        raise TemplateError(f"Transform {name} is not emulated here; write the resources out, or use CLOUD=aws")
    return {key: value for key, value in template.items() if key != "Transform"}
