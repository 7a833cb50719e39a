"""The one table from the CSV's subtask to the one of metadata.json."""

from __future__ import annotations

import re

from kit.errors import Failure

_PROVISIONING = "Provisioning of Infrastructure Environments"
_OPTIMIZATION = "IaC Program Optimization"

MAPPING = {
    "Cloud Environment Setup": _PROVISIONING,
    "Web Application Deployment": _PROVISIONING,
    "Multi-Environment Consistency": _PROVISIONING,
    "Environment Migration": _PROVISIONING,
    "Serverless Infrastructure (Functions as Code)": "Application Deployment",
    "CI/CD Pipeline": "CI/CD Pipeline",
    "Failure Recovery Automation": "Failure Recovery and High Availability",
    "Security Configuration as Code": "Security, Compliance and Governance",
    "IaC Diagnosis/Edits": _OPTIMIZATION,
    "IaC Optimization": _OPTIMIZATION,
    "Infrastructure Analysis/Monitoring": _OPTIMIZATION,
    "General Infrastructure Tooling QA": "Infrastructure QA and Management",
}


def find(written: str) -> tuple[str, str]:
    """The subtask as the table spells it, and what it maps to; case, spaces and punctuation do not matter.

    Raises `Failure` listing the known ones for any other.
    """
    for known, mapped in MAPPING.items():
        if _letters(known) == _letters(written):
            return known, mapped
    raise Failure(
        f"unknown subtask {' '.join(written.split())[:80]!r}",
        hint="the known ones are: " + "; ".join(MAPPING),
    )


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
