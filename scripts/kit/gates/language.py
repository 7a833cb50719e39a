"""The code is written for the platform and in the language that the task asks for."""

from __future__ import annotations

import re

from kit.gates import template
from kit.gates.model import Look
from kit.gates.subject import Subject

_ENDS = {"ts": (".ts",), "py": (".py",)}
_MARKS = {
    "cdk": re.compile(r"""["'](?:aws-cdk-lib|@aws-cdk)|^\s*(?:from|import) aws_cdk\b""", re.M),
    "cdktf": re.compile(r"""["']cdktf["']|["']@cdktf/|^\s*(?:from|import) cdktf(?:_cdktf_provider_\w+)?\b""", re.M),
    "pulumi": re.compile(r"""["']@pulumi/|^\s*(?:from|import) pulumi(?:_\w+)?\b""", re.M),
}
# A template, whether it names its version or not, and a Pulumi program in YAML.
_TEMPLATE_MARK = re.compile(
    r"AWSTemplateFormatVersion|[\"']?Type[\"']?\s*:\s*[\"']?AWS::\w+::|^runtime:\s*yaml\b", re.M
)
_SCRIPTS = (".js", ".mjs", ".cjs", ".jsx")
_TERRAFORM = (".tf", ".hcl", ".tf.json")


def platform(subject: Subject) -> Look:
    """Platform and language of the files below lib/ and bin/ are those of the task."""
    wanted, language = subject.run.task["platform"], subject.run.task["language"]
    texts = subject.texts(subject.code)
    # Below a folder of its own lies the code of functions, in whatever language, unless it makes resources.
    programs = {name: text for name, text in texts.items() if name.count("/") < 2 or makes_resources(text)}
    problems = [
        f"{name}: is written for {other}, the task asks for {wanted}"
        for name, text in programs.items()
        for other, mark in _MARKS.items()
        if other != wanted and mark.search(text)
    ]
    if any(name.endswith(_TERRAFORM) for name in texts):
        problems.append(f"lib/ holds Terraform's own language, the task asks for {wanted}")
    if wanted == "cfn":
        return _cfn(subject, language, texts, problems)
    ends = _ENDS.get(language)
    if ends is None:
        problems.append(f"language {language!r}: {wanted} has ts and py")
        return Look(f"{wanted} {language}", problems)
    fitting = {name: text for name, text in programs.items() if name.endswith(ends)}
    # What begins the app below bin/ or as tap.py is the template's; the stack lies below lib/.
    if not any(name.startswith("lib/") and _MARKS[wanted].search(text) for name, text in fitting.items()):
        problems.append(f"no {ends[0]} file below lib/ uses {wanted}")
    problems += [
        f"{name}: a template written by hand, the task asks for {wanted} in {language}"
        for name, text in texts.items()
        if name.endswith((".yml", ".yaml", ".json")) and _TEMPLATE_MARK.search(text)
    ]
    problems += [
        f"{name}: the task asks for {language}"
        for name in programs
        if (name.endswith((".ts", ".py")) or (name.endswith(_SCRIPTS) and makes_resources(texts[name])))
        and not name.endswith(ends)
    ]
    return Look(f"{len(fitting)} {language} files of {wanted}", problems)


def makes_resources(text: str) -> bool:
    """True for code that is written for one of the platforms."""
    return any(mark.search(text) for mark in _MARKS.values())


def _cfn(subject: Subject, language: str, texts: dict[str, str], problems: list[str]) -> Look:
    right = "lib/TapStack.json" if language == "json" else "lib/TapStack.yml"
    if right not in texts:
        problems.append(f"{right}: no such file; the task asks for cfn in {language}")
        return Look(f"cfn {language}", problems)
    body = template.parse(texts[right], right)
    is_json = texts[right].lstrip().startswith("{")
    if is_json != (language == "json"):
        problems.append(f"{right}: holds {'JSON' if is_json else 'YAML'}, the task asks for {language.upper()}")
    kinds = {resource["Type"] for resource in template.resources(body).values()}
    foreign = sorted(kind for kind in kinds if not re.match(r"AWS::|Custom::|Alexa::", kind))
    problems += [f"{right}: {kind}: no resource type of AWS" for kind in foreign]
    problems += [
        f"{name}: a second template beside {right}"
        for name in texts
        if name != right and name.startswith("lib/TapStack.") and name.endswith((".yml", ".yaml", ".json"))
    ]
    problems += [
        f"{name}: a program, the task asks for cfn in {language}"
        for name in texts
        if name.endswith((".ts", ".py")) and name.startswith("bin/")
    ]
    return Look(f"{right} with {len(kinds)} resource types", problems)
