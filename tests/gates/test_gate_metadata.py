"""What metadata.json may be: one object, each field once, saying what the task says."""

from __future__ import annotations

import json

import pytest

from kit import files


def told(bench, gate):
    result = bench.ask(gate)
    return () if result.passed else result.problems


@pytest.mark.parametrize("gate", ["metadata-schema", "metadata-mapping"])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "metadata.json: wanted an object, found list"),
        ("null", "metadata.json: wanted an object, found NoneType"),
        ('{"team": "synth", "po_id": "T7", "team": "synth"}', "metadata.json: team: given twice"),
        ('{"b": 1, "a": 1, "b": 1, "a": 1}', "metadata.json: a, b: given twice"),
    ],
)
def test_what_is_no_record_is_told_by_both_gates(bench, gate, text, problem):
    bench.write("metadata.json", text)
    assert told(bench, gate) == (problem,)


@pytest.mark.parametrize("gate", ["metadata-schema", "metadata-mapping"])
def test_what_is_no_json_is_told_with_its_line(bench, gate):
    bench.write("metadata.json", '{\n  "team": synth\n}')
    assert told(bench, gate)[0].startswith("metadata.json: not valid JSON: Expecting value: line 2")


@pytest.mark.parametrize("name", ["platform", "language", "complexity", "po_id", "subtask", "subject_labels"])
def test_a_field_that_says_otherwise_than_the_task_is_told_with_both(bench, name):
    value = files.read_json(bench.root / "metadata.json")
    files.write_json(bench.root / "metadata.json", value | {name: "other"})
    assert told(bench, "metadata-mapping") == (f"metadata.json: {name} = 'other', the task says {value[name]!r}",)
    files.write_json(bench.root / "metadata.json", {key: one for key, one in value.items() if key != name})
    assert told(bench, "metadata-mapping") == (f"metadata.json: {name} = None, the task says {value[name]!r}",)


def test_the_fields_are_counted(bench):
    assert bench.ask("metadata-schema").reason == "9 fields"
    assert bench.ask("metadata-mapping").reason == "6 fields agree with the task"


def test_a_field_beyond_the_nine_is_refused(bench):
    value = files.read_json(bench.root / "metadata.json") | {"training_quality": 7}
    bench.write("metadata.json", json.dumps(value))
    assert "training_quality" in bench.ask("metadata-schema").reason
