"""What a program in either language is made of: its parameters, its tags, and what each of its sections uses."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from kit.rehearsal.blueprints import kebab, shared
from kit.rehearsal.cdk.plan import Plan, Section, names_in, plan
from kit.rehearsal.cdk.values import Values
from kit.rehearsal.source import Code, camel, snake, variable
from kit.rehearsal.stack import Stack

SUFFIX, PROJECT = "EnvironmentSuffix", "ProjectName"
_STORED = re.compile(r"AWS::SSM::Parameter::Value<(?:List<)?([\w:]+)>")


class Program:
    """A stack as a program in `language`; `split` when each section is a class in a file of its own."""

    def __init__(self, stack: Stack, language: str, split: bool) -> None:
        self.stack, self.language, self.split = stack, language, split
        self.plan: Plan = plan(stack)
        self.tags = common_tags(stack)
        self.handlers = handlers(stack)
        modules = {self.alias(one["Type"]) for one in stack.resources.values()}
        taken = {*modules, "cdk", "fs", "path", "props", "scope", "stack", "source", "app", "ssm"}
        taken |= {self.name(one.name) for one in self.plan.sections} | {self._plain(one) for one in self.parameters()}
        self.variables = {name: variable(name, language, taken) for name in stack.resources}

    def _plain(self, name: str) -> str:
        return camel(name) if self.language == "ts" else snake(name)

    def name(self, name: str) -> str:
        """A name of a section, parameter or condition as a variable."""
        return variable(name, self.language)

    def parameters(self) -> dict[str, dict[str, Any]]:
        """The parameters that are arguments of the program; the project's name is a constant, stored values are looked up."""
        found = self.stack.template["Parameters"].items()
        return {name: one for name, one in found if name != PROJECT and not _STORED.match(one["Type"])}

    def stored(self, name: str) -> str:
        """The type of a parameter's value in the parameter store, such as AWS_EC2_IMAGE_ID; empty for other parameters."""
        match = _STORED.match(self.stack.template["Parameters"].get(name, {}).get("Type", ""))
        return match[1].replace("::", "_").upper() if match else ""

    def default(self, name: str) -> Any:
        """The value of a parameter that is not given."""
        one = self.stack.template["Parameters"][name]
        given = one.get("Default", "")
        if one["Type"] == "Number":
            return int(given or 0)
        if one["Type"] in ("CommaDelimitedList", "List<String>"):
            return [part.strip() for part in str(given).split(",")]
        return str(given)

    def asked(self, section: Section) -> list[str]:
        """The parameters and conditions that a section names, the conditions last, each with the parameters it is made of."""
        names = set(self._named(section))
        conditions = [one for one in self.stack.template["Conditions"] if one in names]
        for one in reversed(list(self.stack.template["Conditions"])):
            if one in names:
                names |= set(names_in(self.stack.template["Conditions"][one]))
        if self.tags and section is self.plan.sections[-1] and not self.split:
            names |= set(names_in(list(self.tags.values())))
        return [one for one in self.stack.template["Parameters"] if one in names] + conditions

    def _named(self, section: Section) -> list[str]:
        found: list[str] = []
        for name in section.members:
            one = self.stack.resources[name]
            found += [*names_in(self.properties(name)), *([one["Condition"]] if "Condition" in one else [])]
        for name in section.outputs:
            one = self.stack.template["Outputs"][name]
            found += [*names_in(one["Value"]), *([one["Condition"]] if "Condition" in one else [])]
        return found

    def earlier(self, section: Section) -> list[Section]:
        """The sections whose resources a section uses."""
        names = {one for one, users in self.plan.users.items() if section.name in users}
        used = {self.plan.section_of[one] for one in names if one in self.plan.section_of} - {section.name}
        return [one for one in self.plan.sections if one.name in used]

    def shown(self, section: Section) -> list[str]:
        """The resources of a section that others use."""
        return [one for one in section.members if self.plan.users.get(one, set()) - {section.name}]

    def properties(self, name: str) -> dict[str, Any]:
        """The properties of a resource without the tags that all have."""
        given = self.stack.resources[name].get("Properties", {})
        made = {key: self._own_tags(one) if key.endswith("Tags") else one for key, one in given.items()}
        return {key: one for key, one in made.items() if one or not key.endswith("Tags")}

    def _own_tags(self, tags: Any) -> Any:
        if isinstance(tags, dict):
            return {key: one for key, one in tags.items() if self.tags.get(key) != one}
        return [one for one in tags if self.tags.get(one["Key"]) != one["Value"]]

    def values(self, section: Section | None = None) -> Values:
        """How values are written in a section, or by the stack itself."""
        here = section.name if section else ""

        def resource(name: str) -> str:
            home = self.plan.section_of[name]
            own = "this" if self.language == "ts" else "self"
            if not self.split or (home == here and self.plan.users.get(name, set()) <= {home}):
                return self.variables[name]
            return f"{own if home == here else self.name(home)}.{self.variables[name]}"

        def named(name: str) -> str | None:
            if name == PROJECT:
                return "PROJECT"
            known = name in self.stack.template["Parameters"] or name in self.stack.template["Conditions"]
            return self.name(name) if known else None

        return Values(self.language, resource, named)

    def arguments(self, name: str, section: Section) -> dict[str, Any]:
        """The arguments of a resource's construct."""
        made = self.values(section).properties(self.properties(name))
        if name in self.handlers:
            folder, file, _ = self.handlers[name]
            made["code"] = {"zipFile": Code(f"source({_quoted(f'{folder}/{file}', self.language)})")}
        return made

    def is_named(self, name: str) -> bool:
        """True when a resource needs a variable."""
        one = self.stack.resources[name]
        return name in self.plan.users or "DependsOn" in one or bool(extras(one))

    def construct(self, kind: str) -> str:
        """The class of a resource type, such as `s3.CfnBucket`."""
        alias = self.alias(kind)
        return f"{alias}.Cfn{kind.rpartition('::')[2]}"

    def alias(self, kind: str) -> str:
        """What the module of a resource type is called in the program."""
        made = module_of(kind)
        return f"{made}_" if self.language == "py" and made == "lambda" else made

    def modules(self, section: Section) -> dict[str, str]:
        """The modules that a section uses: what they are called, and their names without `aws`."""
        kinds = [self.stack.resources[name]["Type"] for name in section.members]
        found = {self.alias(kind): kind.split("::")[1].lower() for kind in kinds if "::CloudFormation::" not in kind}
        return found | ({"ssm": "ssm"} if any(self.stored(one) for one in self.asked(section)) else {})


def module_of(kind: str) -> str:
    """What the module of a resource type is called, such as `elbv2`."""
    service = kind.split("::")[1]
    return "cdk" if service == "CloudFormation" else str(shared("cdk")["aliases"].get(service, service.lower()))


def handlers(stack: Stack) -> dict[str, tuple[str, str, str]]:
    """The code of functions by logical id: the folder below lib/lambda, the file in it, its text."""
    found: dict[str, tuple[str, str, str]] = {}
    for name, one in stack.resources.items():
        properties = one.get("Properties", {})
        code = properties.get("Code", {}).get("ZipFile") if one["Type"] == "AWS::Lambda::Function" else None
        if isinstance(code, str):
            file = "index.cjs" if str(properties.get("Runtime", "")).startswith("node") else "index.py"
            found[name] = (kebab(name.removesuffix("Function") or name), file, code)
    return found


def common_tags(stack: Stack) -> dict[str, Any]:
    """The tags that most resources have, and that so are tags of the stack."""
    counts: Counter[str] = Counter()
    tagged = 0
    for one in stack.resources.values():
        tags = one.get("Properties", {}).get("Tags")
        if tags:
            pairs = tags.items() if isinstance(tags, dict) else [(each["Key"], each["Value"]) for each in tags]
            counts.update(json.dumps([key, value]) for key, value in pairs if key != "Name")
            tagged += 1
    found = (json.loads(one) for one, count in counts.items() if count > 1 and 2 * count >= tagged)
    return dict(found)


def extras(resource: dict[str, Any]) -> dict[str, Any]:
    """What a resource has besides type, properties, condition and order."""
    return {key: one for key, one in resource.items() if key not in ("Type", "Properties", "Condition", "DependsOn")}


def _quoted(text: str, language: str) -> str:
    return f"'{text}'" if language == "ts" else f'"{text}"'
