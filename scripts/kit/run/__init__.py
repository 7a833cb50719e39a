"""One run: its journal, receipts, worktree and project, and the chain of its steps."""
