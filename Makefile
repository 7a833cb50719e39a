# The menu. Every target sets up what it needs; `make help` lists them.
#   REPO=path  the repository to work on        ID=task  the task       ARGS="..."  passed on to the script
#   MODEL=  CLOUD=moto|localstack|aws  FORGE=github|local  SANDBOX=bwrap|none   (settings.toml says more)

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python scripts
READY := $(VENV)/.ready
TASK := $(if $(ID),--task $(ID))
export REPO MODEL CLOUD FORGE SANDBOX

.PHONY: help setup next-task tasks resume retry sync clean status cost cache verify check list add-columns \
	select worktree metadata install generate baseline qa review gate final pr finish stage show test lint bench

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@echo; echo "  for example: make next-task REPO=~/tasks     make resume ID=277     make stage ID=277 STAGE='lint unit'"

setup: $(READY) ## the virtual environment and the security scanner's own one

$(READY): requirements.txt constraints.txt requirements-scan.txt constraints-scan.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "setting up $(VENV) (about a minute, once)" >&2
	@$(PYTHON) -m venv $(VENV)
	@for try in 1 2 3; do $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt && break; \
		test $$try = 3 && exit 1; echo "pip failed, trying again" >&2; done
	@$(RUN)/setup_tools.py >/dev/null
	@touch $@

next-task: $(READY) ## the next task to its pull request (ID= takes that one)
	@$(RUN)/next_task.py $(TASK) $(ARGS)
tasks: $(READY) ## task after task, until none is eligible
	@$(RUN)/tasks.py $(ARGS)
resume: $(READY) ## go on with task ID= where it was cut off
	@$(RUN)/next_task.py --resume $(ID) $(ARGS)
retry: $(READY) ## let the parked task ID= be taken again
	@$(RUN)/select_task.py --retry $(ID) $(ARGS)
sync: $(READY) ## mend open pull requests whose tasks.csv conflicts with what was merged meanwhile
	@$(RUN)/sync_prs.py $(TASK) $(ARGS)
clean: $(READY) ## drop the worktree of the ended task ID= (its files stay in the branch)
	@$(RUN)/finish_task.py $(TASK) --drop-worktree $(ARGS)
status: $(READY) ## where every run stands
	@$(RUN)/status.py $(TASK) $(ARGS)
cost: $(READY) ## where the money went
	@$(RUN)/cost.py $(TASK) $(ARGS)
cache: $(READY) ## the size of the dependency cache (ARGS=--prune empties it)
	@$(RUN)/cache.py $(ARGS)
verify: $(READY) ## run the gates and the ladder of task ID= again and compare with the receipts
	@$(RUN)/verify.py $(TASK) $(ARGS)
list: $(READY) ## the rows of tasks.csv and which are eligible
	@$(RUN)/select_task.py --list $(ARGS)
check: $(READY) ## every oddity of tasks.csv, changing nothing
	@$(RUN)/select_task.py --check $(ARGS)
add-columns: $(READY) ## add the status and trainr_notes columns to tasks.csv
	@$(RUN)/select_task.py --add-columns $(ARGS)

select: $(READY) ## step: claim a task
	@$(RUN)/select_task.py $(TASK) $(ARGS)
worktree: $(READY) ## step: its worktree and branch
	@$(RUN)/make_worktree.py $(TASK) $(ARGS)
metadata: $(READY) ## step: template and metadata.json
	@$(RUN)/gen_metadata.py $(TASK) $(ARGS)
install: $(READY) ## step: its dependencies
	@$(RUN)/install_deps.py $(TASK) $(ARGS)
generate: $(READY) ## step: PROMPT.md, MODEL_RESPONSE.md, code
	@$(RUN)/run_agent.py generator $(TASK) $(ARGS)
baseline: $(READY) ## step: the untouched response up the ladder
	@$(RUN)/run_stage.py --baseline $(TASK) $(ARGS)
qa: $(READY) ## step: mend, test, deploy, destroy
	@$(RUN)/run_agent.py qa-trainer $(TASK) $(ARGS)
review: $(READY) ## step: the reviewer's verdict
	@$(RUN)/run_agent.py reviewer $(TASK) $(ARGS)
gate: $(READY) ## step: complete, iterate or reject
	@$(RUN)/gate.py $(TASK) $(ARGS)
final: $(READY) ## step: build, synth, lint, unit and every gate once more
	@$(RUN)/final_round.py $(TASK) $(ARGS)
pr: $(READY) ## step: commit, push, pull request
	@$(RUN)/open_pr.py $(TASK) $(ARGS)
finish: $(READY) ## step: worktree removed, row done
	@$(RUN)/finish_task.py $(TASK) $(ARGS)
stage: $(READY) ## one stage of the ladder, STAGE=lint|build|synth|unit|deploy|outputs|integration|destroy
	@$(RUN)/run_stage.py $(STAGE) $(TASK) $(ARGS)
show: $(READY) ## what an agent of task ID= said and did (AGENT=generator|qa-trainer|reviewer)
	@$(RUN)/run_agent.py --show $(or $(AGENT),qa-trainer) $(TASK) $(ARGS)

test: $(READY) ## all tests
	@$(VENV)/bin/python -m pytest -n auto --dist loadfile $(ARGS)
lint: $(READY) ## ruff and mypy
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy
bench: $(READY) ## the numbers, each with a ratio
	@$(VENV)/bin/nox -s bench -- $(ARGS)
