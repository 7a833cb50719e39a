"""Every knowledge file: well-formed, and valid against the schemas of the real linter, plain and hardened."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from bakery import build, harden, lint

from kit.rehearsal.blueprints import KNOWLEDGE, body, by_type, heads, listed, shared
from kit.rehearsal.emit_cfn import dump
from kit.rehearsal.features import add_asked, choose
from kit.rehearsal.stack import Stack, practice_for
from kit.rehearsal.testing import integration_tests, unit_tests

SERVICES = sorted(heads())
TOKEN = re.compile(r"<[a-z_.:]+\??>")


def named(stack: Stack) -> dict[str, Any]:
    return {"EnvironmentSuffix": "x", **stack.template}


@pytest.mark.parametrize("service", SERVICES)
def test_plain_and_hardened_blueprints_are_valid(service: str) -> None:
    stack = build(service)
    plain = dump(stack.template, "yaml")
    hard = dump(harden(stack, service).template, "yaml")
    for text in (plain, hard):
        assert not TOKEN.findall(text)
        if "\nResources:" in text:
            assert lint(text) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_name_ends_with_the_suffix_and_nothing_is_retained(service: str) -> None:
    stack = harden(build(service), service)
    for name, resource in stack.resources.items():
        assert resource.get("DeletionPolicy", "Delete") == "Delete"
        for key, value in resource.get("Properties", {}).items():
            if re.fullmatch(r"(Bucket|Table|Queue|Topic|Function|Role|Cluster|Alarm|LogGroup|Api)?Name", key):
                if not isinstance(value, dict) or "Fn::Sub" not in value:
                    continue
                assert "EnvironmentSuffix" in json.dumps(value), f"{name}.{key}"


@pytest.mark.parametrize("service", SERVICES)
def test_practices_say_what_was_wrong_and_what_is_right_now(service: str) -> None:
    for name, practice in body(service).get("practices", {}).items():
        assert practice["done"], name
        assert practice["type"], name
        assert practice.get("says") is not None or practice.get("rules") or practice.get("wish"), (
            f"{name} can never be brought"
        )
        if practice.get("rules") and not practice.get("asked"):
            assert practice["wrong"], name
            assert practice["severity"] in ("Critical", "High", "Medium", "Low"), name
        assert set(listed(practice.get("wish"))) <= set(shared("wishes")), name


@pytest.mark.parametrize("service", SERVICES)
def test_a_practice_changes_its_resource_once(service: str) -> None:
    # The second pass reaches what the first has added, such as a bucket for logs.
    stack = harden(harden(build(service), service), service)
    before = json.dumps(stack.template)
    assert json.dumps(harden(stack, service).template) == before


@pytest.mark.parametrize("service", SERVICES)
def test_synonyms_facts_and_wishes_are_regular_expressions_of_small_letters(service: str) -> None:
    head = heads()[service]
    for pattern in head["synonyms"]:
        re.compile(pattern)
        assert pattern == pattern.lower() or "\\" in pattern
    for fact in head.get("facts", {}).values():
        assert "default" in fact
        for pattern in fact["say"]:
            re.compile(pattern)


def test_relations_name_services_that_exist() -> None:
    names = [relation["name"] for relation in shared("relations")]
    assert len(names) == len(set(names))
    for relation in shared("relations"):
        assert {relation["from"], relation["to"]} <= set(heads())
        assert relation.get("default") or relation.get("says") or relation.get("wish"), relation["name"]


@pytest.mark.parametrize("relation", [one["name"] for one in shared("relations")])
def test_every_relation_joins_two_blueprints_validly(relation: str) -> None:
    from kit.rehearsal import composing

    [found] = [one for one in shared("relations") if one["name"] == relation]
    stack = build(found["from"], found["to"])
    ends = {one.service: one for one in stack.instances}
    if found["from"] not in ends or found["to"] not in ends:
        pytest.fail(f"{relation}: one of its ends is never built beside the other")
    composing._connect(stack, found, ends[found["from"]], ends[found["to"]])
    text = dump(stack.template, "yaml")
    assert not TOKEN.findall(text)
    assert lint(text) == []


def test_a_rule_calls_for_one_practice_of_a_type() -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for service in SERVICES:
        for name, practice in body(service).get("practices", {}).items():
            for rule in listed(practice.get("rules")):
                for kind in listed(practice["type"]):
                    like = heads()[service].get("like", {}) if kind == heads()[service].get("type") else {}
                    key = (rule, kind, str(like))
                    assert key not in seen, f"{service}.{name} and {seen.get(key)}"
                    seen[key] = f"{service}.{name}"
                    found = practice_for(rule, {"Type": kind, "Properties": like})
                    assert found is not None and found[:2] == (service, name), key


@pytest.mark.parametrize("feature", [one["name"] for one in shared("features")])
def test_dated_features_are_valid_and_asked_for_by_their_property(feature: str) -> None:
    [found] = [one for one in shared("features") if one["name"] == feature]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", found["date"])
    stack = build(by_type()[found["type"]])
    assert add_asked(stack, found["asks"]) == [feature]
    text = dump(stack.template, "yaml")
    assert lint(text) == []
    assert re.search(found["new_unless"], text)


def test_features_chosen_are_new_newest_first_and_of_two_services() -> None:
    seen = "AWS::Lambda::Function AWS::Logs::LogGroup AWS::KMS::Key RotationPeriodInDays"
    chosen = choose(seen)
    assert len({one["service"] for one in chosen}) == 2
    assert all("RotationPeriodInDays" not in one["asks"] for one in chosen)
    assert chosen[0]["date"] >= chosen[1]["date"]


def test_features_of_an_unknown_stack_are_none() -> None:
    assert choose("AWS::Unknown::Type") == []


@pytest.mark.parametrize("service", SERVICES)
def test_tests_name_every_part_and_only_known_outputs(service: str) -> None:
    stack = build(service)
    unit, integration = unit_tests(stack), integration_tests(stack)
    for name in stack.resources:
        assert f"describe('{name}'" in unit
    used = set(re.findall(r"outputs\.(\w+)", integration))
    assert used <= set(stack.template["Outputs"])
    assert not TOKEN.findall(integration.replace("Record<string", ""))


def test_the_folder_holds_nothing_but_knowledge() -> None:
    assert {path.suffix for path in KNOWLEDGE.rglob("*") if path.is_file()} == {".yml"}
