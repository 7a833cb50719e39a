"""The list of tasks: its bytes and columns, who took what, and what a task's text asks for."""
