"""The generator: turns a task into PROMPT.md, well enough written that a model which sees nothing else can answer it."""

from __future__ import annotations

import re

from kit.rehearsal.blueprints import heads, shared
from kit.rehearsal.conversation import Call, Part, Turn
from kit.rehearsal.documents import (
    LANGUAGES,
    PLATFORMS,
    data_block,
    main_file,
    pair_of,
    parts_of,
    status_block,
    title_of,
)
from kit.rehearsal.features import choose
from kit.rehearsal.parts.viewing import EDITOR, view
from kit.rehearsal.reading import Brief, read
from kit.rehearsal.sighting import as_template
from kit.rehearsal.status import report

PHASE = "PHASE 1"


def generator(first: str) -> Part:
    """Play the part from the hand-over `first` to the closing report."""
    task = data_block(first)
    platform, language = pair_of(first)
    brief = read(task)
    platform, language = platform or "cfn", language or brief.language
    rounds = [int(number) for number in re.findall(r"PROMPT(\d+)\.md", first)]
    number = max(rounds, default=1)
    path = f"lib/PROMPT{number if number > 1 else ''}.md"
    region = re.search(r"\bregion\W{1,8}((?:[a-z]{2}-[a-z]+-\d))\b", first, re.I)
    brief.region = region[1] if region else brief.region
    title = title_of(first, _title(brief))
    if not brief.services:
        issue = "the task names no AWS service that rehearsal can build: name them, or let a model work"
        yield Turn("", [report(PHASE, "BLOCKED", "reading the task", title, 0, 2, "name the services", issue)])
        while True:
            yield Turn(status_block(PHASE, "BLOCKED", "reading the task", title, 0, 2, "name the services", issue))
    yield Turn("I read the task first.", [report(PHASE, "STARTED", "reading the task", title, 0, 2, f"write {path}")])
    if number > 1:
        main = main_file(platform, language)
        seen, _ = yield from view(main, "What is in the stack decides what would be new to it.")
        for other in parts_of(first, main) if platform != "cfn" else []:
            more, _ = yield from view(other)
            seen += more
        seen = as_template(seen, platform)
        text = _iteration(seen, first, platform, language)
    else:
        text = prompt(brief, platform, language, title)
    call = Call(EDITOR, {"command": "create", "path": path, "file_text": text})
    heard = yield Turn("The requirements, as prose.", [call])
    if heard.results[0].error:
        issue = f"{path} could not be written: {heard.results[0].text[:200]}"
        yield Turn("", [report(PHASE, "BLOCKED", f"writing {path}", title, 1, 2, "wait for the folder", issue)])
        yield Turn(status_block(PHASE, "BLOCKED", f"writing {path}", title, 1, 2, "wait for the folder", issue))
        return
    issues = "not built by rehearsal: " + ", ".join(brief.unbuilt) if brief.unbuilt else "NONE"
    yield Turn("", [report(PHASE, "COMPLETED", f"wrote {path}", title, 2, 2, "answer the prompt", issues)])
    while True:
        yield Turn(status_block(PHASE, "COMPLETED", f"wrote {path}", title, 2, 2, "answer the prompt", issues))


def prompt(brief: Brief, platform: str, language: str, title: str) -> str:
    """PROMPT.md for a brief."""
    names = ", ".join(heads()[one]["title"] for one in brief.services) or "the services named below"
    file = main_file(platform, language)
    lines = [
        f"# {title}",
        "",
        f"Write the infrastructure for the following with {PLATFORMS[platform]} in {LANGUAGES[language]}, to be deployed in "
        f"{brief.region}. It is built from {names}"
        + (f", and also asks for {', '.join(brief.unbuilt)}" if brief.unbuilt else "")
        + ".",
        "",
        f"Project name: `{brief.project}`",
        "",
    ]
    told: set[str] = set()
    context = [one for one in brief.sentences if not any(one in said for said in brief.said.values())]
    orders = (
        r"^(?:tag|use|encrypt|enable|ensure|set|deploy|configure|implement|follow|make|provide|include|apply|keep)\b"
    )
    background = [
        one
        for one in context
        if not re.search(rf"\b(must|should|ensure|required?|all|never|no)\b|{orders}", one, re.I) and len(one) > 30
    ]
    if background:
        lines += ["## What it is for", "", " ".join(_sentence(one) for one in background[:8]), ""]
        told |= set(background[:8])
    lines += ["## What it consists of", ""]
    for service in brief.services:
        said = [one for one in brief.said.get(service, []) if one not in told and len(one) > 3]
        told |= set(said)
        if said:
            lines += [f"- {heads()[service]['title']}:"] + [f"  - {_sentence(one)}" for one in said]
    lines += ["", "## What holds for all of it", ""]
    lines += [f"- {_sentence(one)}" for one in context if one not in told and len(one) > 12 and not one.endswith(":")]
    if brief.tags:
        pairs = ", ".join(f"{key}={value}" for key, value in brief.tags.items() if not value.startswith("<"))
        lines += [f"- Every resource that can be tagged is tagged{': ' + pairs if pairs else ''}."]
    if brief.blocks:
        lines += ["", "## The code given", ""] + [line for block in brief.blocks for line in (block, "")]
    suffix = "the template parameter `EnvironmentSuffix`"
    if platform != "cfn":
        suffix = f"the argument `{'environment_suffix' if language == 'py' else 'environmentSuffix'}`"
    lines += [
        "",
        "## Names and environments",
        "",
        f"- Every name of a resource ends with {suffix}, so that several copies can stand in one account.",
        "- Everything can be deleted again: no retained resources and no deletion protection.",
        "- Outputs name whatever a test needs in order to use the deployed stack.",
        "",
        "## Files wanted",
        "",
        "One code block per file, each below a heading that holds the path of the file:",
        "",
        *_wanted(brief, platform, file),
        "",
    ]
    return "\n".join(lines)


def _wanted(brief: Brief, platform: str, file: str) -> list[str]:
    if platform == "cfn":
        return [f"- `{file}`: the whole stack; the code of functions stands inline."]
    told = [f"- `{file}`: the stack; where that would be too long, its parts in files beside it."]
    # Naming what the text does not ask for would ask for it.
    if "lambda" in brief.services:
        ending = "cjs" if str(brief.facts["lambda"]["runtime"]).startswith("node") else "py"
        told.append(f"- `lib/lambda/<name>/index.{ending}`: the code of each function.")
    return told


def _iteration(seen: str, first: str, platform: str, language: str) -> str:
    _, found, order = first.rpartition("## What is wanted")
    wanted = re.findall(r"^- (.+)$", order, re.M) if found else []
    chosen = [one for one in shared("features") if one["name"] in first][:2]
    others = [one for one in wanted if not any(feature["name"] in one for feature in chosen)]
    chosen = chosen if wanted else chosen or choose(seen)
    lines = [
        "# Two more recent features for the same stack",
        "",
        f"Keep everything that the stack has, and add the following two. Answer with {_again(platform, language)}.",
        "",
    ]
    for number, feature in enumerate(chosen, 1):
        lines += [
            f"{number}. {feature['name']} ({feature['service']}, announced {feature['date']}): {feature['asks']}",
            "",
        ]
    for number, name in enumerate(others, 1 + len(chosen)):
        lines += [f"{number}. {name}", ""]
    if not chosen and not others:
        lines += ["None of the dated features known here is new to this stack; tighten what is there instead.", ""]
    return "\n".join(lines)


def _again(platform: str, language: str) -> str:
    file = main_file(platform, language)
    if platform == "cfn":
        return f"the whole file again, one code block below a heading with its path `{file}`"
    return f"every file again, `{file}` first, each in a code block of its own below a heading with its path"


def _sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if text.endswith((".", ":", "!", "?")) else text + "."


def _title(brief: Brief) -> str:
    for one in brief.sentences:
        if 12 < len(one) < 70 and not one.endswith(":") and "CRITICAL" not in one:
            return one.rstrip(".")
    return f"Infrastructure for {brief.project}"
