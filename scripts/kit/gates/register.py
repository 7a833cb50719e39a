"""All gates in the order they are asked, each with the reason it exists."""

from __future__ import annotations

from kit.errors import Usage
from kit.gates import (
    blocks,
    claims,
    coverage,
    kept,
    ladder,
    language,
    layout,
    metadata,
    names,
    region,
    resources,
    secrets,
    services,
    tests_quality,
    text,
)
from kit.gates.model import Gate

GATES = (
    Gate(
        "metadata-schema",
        "tools downstream read metadata.json by exactly these nine fields, in this order",
        metadata.schema,
    ),
    Gate(
        "metadata-mapping",
        "a record filed under another platform, language or subtask teaches the wrong thing",
        metadata.mapping,
    ),
    Gate(
        "platform-language",
        "a task asks for one platform and language; code in another answers another task",
        language.platform,
    ),
    Gate(
        "allowed-paths",
        "an agent that edits its own harness or other tasks' files can make any check pass",
        layout.allowed_paths,
    ),
    Gate(
        "model-response-blocks",
        "MODEL_RESPONSE must be what the baseline ran on, or the baseline proves nothing about it",
        blocks.model_response,
        history=True,
    ),
    Gate(
        "ideal-response-blocks",
        "IDEAL_RESPONSE is trained on; it must be the very code that passed the ladder",
        blocks.ideal_response,
    ),
    Gate("no-placeholder", "a test left from the template tests nothing", layout.placeholders),
    Gate(
        "environment-suffix",
        "a fixed name fails the second deployment of the stack into the same account",
        names.environment_suffix,
    ),
    Gate("no-retain", "what outlives its stack costs money and blocks its name for later tasks", resources.retained),
    Gate("no-deletion-protection", "a stack that refuses to be deleted cannot be cleaned up", resources.protected),
    Gate(
        "own-resources",
        "a reference to somebody else's resource deploys nowhere but where it was written",
        resources.foreign,
    ),
    Gate("region", "a task that names a region is deployed and tested there and nowhere else", region.honoured),
    Gate(
        "required-services",
        "leaving out a service that was asked for is the cheapest way to a green ladder",
        services.present,
    ),
    Gate(
        "unit-coverage",
        "a coverage figure that is not read from the report itself says 100 when nothing ran",
        coverage.unit,
    ),
    Gate(
        "test-quality", "a skipped, empty or assertion-free test is green whatever the code does", tests_quality.honest
    ),
    Gate(
        "tests-kept",
        "weakening the test that fails is the cheapest repair there is",
        kept.as_much,
        history=True,
    ),
    Gate(
        "integration-tests",
        "a mocked integration test proves nothing about what was deployed",
        tests_quality.integration,
    ),
    Gate("outputs", "integration tests over empty outputs check nothing", ladder.outputs),
    Gate("destroy", "what is deployed must be proved gone, or it stays on the bill", ladder.destroyed),
    Gate("receipts", "a receipt of another tree says nothing about the one submitted", ladder.receipts),
    Gate(
        "claims", "a failure list that the measurements contradict is not worth training on", claims.agree, history=True
    ),
    Gate(
        "model-failures",
        "MODEL_FAILURES is made from entries that scripts can count; prose typed by hand can claim anything",
        claims.rendered,
        history=True,
    ),
    Gate(
        "evidence",
        "a claimed failure without a receipt or a rule behind it is only a claim",
        claims.evidence,
        history=True,
    ),
    Gate("secrets", "what is pushed once is public for good", secrets.none),
    Gate("file-size", "binaries and huge files cannot be reviewed", layout.size),
    Gate("no-emoji", "prompts and ideal answers are plain prose", text.plain),
    Gate(
        "final-round",
        "what is submitted must be green after the last edit, not before it",
        ladder.final_round,
        last=True,
    ),
)


def named(name: str) -> Gate:
    """The gate of that name. Raises `Usage` listing the known ones."""
    for gate in GATES:
        if gate.name == name:
            return gate
    raise Usage(f"{name}: no such gate", hint=f"the gates are {', '.join(gate.name for gate in GATES)}")
