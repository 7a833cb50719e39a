"""Templates as text and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.rehearsal.emit_cfn import dump, load

_SCALARS = st.one_of(st.booleans(), st.integers(-9999, 9999), st.text("ab: #'\"\n-{}!&*$%@yes0", max_size=12))
_FUNCTIONS = st.one_of(
    st.builds(lambda name: {"Ref": name}, st.from_regex(r"[A-Z][a-z]{2,5}", fullmatch=True)),
    st.builds(lambda name: {"Fn::GetAtt": [name, "Arn"]}, st.from_regex(r"[A-Z][a-z]{2,5}", fullmatch=True)),
    st.builds(lambda text: {"Fn::Sub": text}, st.text("ab-${X}\n:", min_size=1, max_size=12)),
)
_VALUES = st.recursive(
    st.one_of(_SCALARS, _FUNCTIONS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.from_regex(r"[A-Z][a-z]{1,6}", fullmatch=True), inner, min_size=2, max_size=3),
        st.builds(lambda items: {"Fn::Join": ["-", items]}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)


@given(_VALUES, st.sampled_from(["yaml", "json"]))
@settings(max_examples=120, deadline=None)
def test_what_is_written_reads_back_the_same(value: Any, language: str) -> None:
    template = {"Resources": {"Thing": {"Type": "AWS::S3::Bucket", "Properties": {"Value": value}}}}
    assert load(dump(template, language)) == template


def test_yaml_has_short_forms_and_a_blank_line_between_resources() -> None:
    text = dump(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {
                "One": {"Type": "A", "Properties": {"X": {"Ref": "Two"}, "Y": {"Fn::GetAtt": ["Two", "Arn"]}}},
                "Two": {"Type": "B", "Properties": {"Z": {"Fn::Sub": "a-${One}"}}},
            },
        },
        "yaml",
    )
    assert "X: !Ref Two\n" in text
    assert "Y: !GetAtt Two.Arn\n" in text
    assert "Z: !Sub 'a-${One}'" in text
    assert "\n\n  Two:\n" in text


def test_code_is_a_literal_block() -> None:
    text = dump(
        {"Resources": {"F": {"Type": "A", "Properties": {"Code": {"ZipFile": "def f():\n    return 1\n"}}}}}, "yaml"
    )
    assert "ZipFile: |\n          def f():\n              return 1\n" in text


def test_json_is_json() -> None:
    assert json.loads(dump({"Resources": {"A": {"Type": "B"}}}, "json")) == {"Resources": {"A": {"Type": "B"}}}


def test_dates_stay_text() -> None:
    assert load("Version: 2012-10-17") == {"Version": "2012-10-17"}


def test_damaged_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not valid YAML"):
        load("a: [1, 2")
