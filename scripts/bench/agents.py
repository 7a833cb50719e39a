"""What the agents' loop costs beside the SDK's own loop (and mini-swe-agent, if you have it) on the same trajectory.

Every turn the model, a loopback server, asks for the command `true`. Ours runs it in the sandbox, writes everything
down and checks its budgets; the SDK's loop starts a bash. Printed per loop: milliseconds a turn at 100 and at 400
turns, peak memory, and the share of the prompt that a cache could have served.

Suggested usage:
    nox -s bench -- agents
    python scripts/bench/agents.py --repeat 3
    python scripts/bench/agents.py --mini ~/mini/bin/python
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

MODEL = "claude-opus-5-5"
TURNS = (100, 400)
MINI = {"MSWEA_COST_TRACKING": "ignore_errors", "MSWEA_SILENT_STARTUP": "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}


def main() -> int:
    """Measure each loop in a process of its own and print the table."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench -- agents", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3, help="times each is measured; the best counts (default: 3)")
    parser.add_argument("--mini", help="a Python that has mini-swe-agent, to measure it as well")
    parser.add_argument("--child", nargs=3, metavar=("LOOP", "TURNS", "URL"), help=argparse.SUPPRESS)
    args = parser.parse_args(sys.argv[1:])
    if args.child:
        loop, turns, url = args.child
        print(json.dumps({"sdk": _sdk, "ours": _ours, "mini": _mini}[loop](int(turns), url)))
        return 0
    loops = ["sdk", "ours", *(["mini"] if args.mini else [])]
    print(f"{'loop':6} {'turns':>6} {'ms a turn':>10} {'peak MiB':>9} {'cacheable':>10} {'bytes sent':>11}")
    taken: dict[tuple[str, int], dict[str, float]] = {}
    for turns in TURNS:
        for _ in range(args.repeat):
            for loop in loops:
                found = _measure(loop, turns, args.mini if loop == "mini" else sys.executable)
                known = taken.get((loop, turns))
                if known is None or found["ms"] < known["ms"]:
                    taken[loop, turns] = found
        for loop in loops:
            one = taken[loop, turns]
            print(
                f"{loop:6} {turns:6} {one['ms']:10.2f} {one['mib']:9.0f} {one['cacheable']:10.1%} {one['sent']:11,.0f}"
            )
    for turns in TURNS:
        print(
            f"ours / sdk at {turns} turns: {taken['ours', turns]['ms'] / taken['sdk', turns]['ms']:.2f}  wanted <= 1.3"
        )
        if args.mini:
            ratio = taken["ours", turns]["ms"] / taken["mini", turns]["ms"]
            print(f"ours / mini-swe-agent at {turns} turns: {ratio:.2f}  wanted <= 0.35")
    print(f"ours, 400 / 100 turns: {taken['ours', 400]['ms'] / taken['ours', 100]['ms']:.2f}  wanted about 1")
    return 0


def _measure(loop: str, turns: int, python: str) -> dict[str, float]:
    server = _Server(turns)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    words = [python, __file__, "--child", loop, str(turns), url]
    environment = {
        "ANTHROPIC_API_KEY": "bench",
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        **MINI,
    }
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    server.shutdown()
    server.server_close()
    if ended.returncode:
        raise SystemExit(f"{loop}: {ended.stderr[-2000:]}")
    found = json.loads(ended.stdout.splitlines()[-1])
    prompt = server.cached + server.fresh
    return {**found, "cacheable": server.cached / prompt if prompt else 0.0, "sent": server.sent}


class _Server(ThreadingHTTPServer):
    """Answers each request with the next turn, and keeps count of what a prompt cache could have served."""

    daemon_threads = True

    def __init__(self, turns: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.turns, self.turn = turns, 0
        self.cached = self.fresh = self.sent = 0
        self.held = 0

    def answer(self, body: dict[str, Any], size: int) -> bytes:
        """The next reply; the prompt is the thread's own history or the whole body."""
        thread = body.get("thread") or {}
        whole = self.held + size if thread.get("type") == "continue" else size
        self.sent += size
        self.cached += min(self.held, whole)
        self.fresh += whole - min(self.held, whole)
        self.held = whole
        self.turn += 1
        if self.turn <= self.turns:
            call = {"type": "tool_use", "id": f"toolu_{self.turn}", "name": "bash", "input": {"command": "true"}}
            content, stop = [{"type": "text", "text": f"step {self.turn}"}, call], "tool_use"
        else:
            content, stop = [{"type": "text", "text": "done"}], "end_turn"
        usage = {
            "input_tokens": 10,
            "output_tokens": 10,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        }
        reply = {"id": f"msg_{self.turn}", "type": "message", "role": "assistant", "model": MODEL, "content": content}
        return json.dumps(reply | {"stop_reason": stop, "stop_sequence": None, "usage": usage}).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        data = self.server.answer(json.loads(raw), len(raw))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *words: Any) -> None:
        """Nothing."""


def _sdk(turns: int, url: str) -> dict[str, float]:
    import anthropic

    @anthropic.beta_tool
    def bash(command: str) -> str:
        """Run a command."""
        return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False).stdout

    client = anthropic.Anthropic(base_url=url)
    opening: Any = {"role": "user", "content": "Begin."}
    thread = client.beta.messages.thread(model=MODEL, max_tokens=20000, system="s", tools=[bash], messages=[opening])
    began = time.perf_counter()
    for _ in thread.tool_runner():
        pass
    return _taken(began, turns)


def _ours(turns: int, url: str) -> dict[str, float]:
    from kit.agents import failures, places
    from kit.agents.desk import Desk
    from kit.agents.tools import run_stage
    from kit.run.git import git
    from kit.run.rundir import Run
    from kit.settings import Settings

    with tempfile.TemporaryDirectory(prefix="bench-agents-") as folder:
        repo = Path(folder)
        git(repo, "init", "-q", "-b", "main")
        git(repo, "-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-q", "--allow-empty", "-m", "base")
        git(repo, "worktree", "add", "-q", "-b", "IAC-synth-1", "worktree/IAC-synth-1")
        flags = {"models.base_url": url, "limits.max_turns": turns + 10, "limits.max_usd_task": 1e9}
        run = Run(repo, "1", Settings.load(repo, environ={}, flags=flags))
        run.dir.mkdir(parents=True)
        task = {"region": "us-east-1", "platform": "cfn", "language": "yaml"}
        (run.dir / "task.json").write_text(json.dumps(task))
        with Desk(run, "iac-infra-qa-trainer", refusal=places.refusal) as desk:
            talk = desk.open("Begin.", [run_stage(run), failures.tool(run)])
            import anthropic  # noqa: F401  (its import is no part of a turn)

            began = time.perf_counter()
            talk.work(lambda: False)
            return _taken(began, turns)


def _mini(turns: int, url: str) -> dict[str, float]:
    import litellm
    from minisweagent.agents.default import DefaultAgent
    from minisweagent.environments.local import LocalEnvironment
    from minisweagent.models.litellm_model import LitellmModel

    litellm.suppress_debug_info = True
    model = LitellmModel(model_name=f"anthropic/{MODEL}", model_kwargs={"api_base": url})
    templates = {"system_template": "s", "instance_template": "Begin."}
    agent = DefaultAgent(model, LocalEnvironment(), **templates, step_limit=turns, cost_limit=0)
    began = time.perf_counter()
    agent.run("Begin.")
    return _taken(began, turns)


def _taken(began: float, turns: int) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return {"ms": (time.perf_counter() - began) * 1000 / turns, "mib": peak}


if __name__ == "__main__":
    raise SystemExit(main())
