"""The responses in prose repeat the files exactly: the first answer its tree, the ideal one the final tree."""

from __future__ import annotations

from kit.gates import answers
from kit.gates.layout import template_files
from kit.gates.minimal import baseline_of
from kit.gates.model import Look
from kit.gates.subject import Subject


def model_response(subject: Subject) -> Look:
    """Every MODEL_RESPONSE names, block for block, the code of the tree that its baseline receipts speak of."""
    problems, seen = [], 0
    for number, path in sorted(answers.responses(subject).items()):
        named = answers.blocks(subject, path)
        trees = {receipt.tree for _, receipt in baseline_of(subject.receipts, number)}
        if len(trees) != 1:
            problems.append(f"{path}: {len(trees)} trees in the baseline receipts of round {number}, wanted one")
            continue
        first = answers.tree_files(subject, trees.pop(), sorted({*answers.CODE, *named}))
        seen += len(named)
        for name, content in named.items():
            if name not in first:
                problems.append(f"{path}: {name}: is not in the first tree")
            elif _plain(first[name]) != _plain(content):
                problems.append(f"{path}: {name}: differs from the first tree")
        if number == 1:
            problems += _unnamed(subject, path, {name: first[name] for name in first if name not in named})
    return Look(f"{seen} files of the first answer" if seen else "no file compared", problems)


def ideal_response(subject: Subject) -> Look:
    """IDEAL_RESPONSE names every file of the final code, each as it is on disk, and has no block beside these."""
    path = "lib/IDEAL_RESPONSE.md"
    read = answers.reading(subject, path)
    named = read.files
    problems = [f"{path}: {one}" for one in (*read.refused, *read.notes)]
    for name, content in named.items():
        if name not in subject.files:
            problems.append(f"{path}: {name}: no such file in the tree")
        elif (subject.root / name).read_bytes() != content.encode():
            problems.append(f"{path}: {name}: differs from the file")
    final = answers.final_code(subject)
    problems += [f"{name}: {path} does not name it" for name in final if name not in named]
    return Look(f"{len(named)} files of the final code", problems)


def _unnamed(subject: Subject, path: str, rest: dict[str, str]) -> list[str]:
    """Problems of files in the first tree that the answer does not name: only the base's and the template's may be."""
    laid = template_files(subject)
    base = answers.tree_files(subject, subject.base_sha, sorted(rest)) if rest else {}
    return [
        f"{name}: is in the first tree, but {path} does not name it"
        for name, content in rest.items()
        if base.get(name) != content and not _is_laid(laid.get(name), content)
    ]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\r\n")


def _is_laid(raw: bytes | None, content: str) -> bool:
    return raw is not None and _plain(raw.decode("utf-8", "replace")) == _plain(content)
