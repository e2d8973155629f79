"""What is being served: the id that the doors set, and that history and logs keep."""

from contextvars import ContextVar

#: A request's own id, or `task:`, `command:` or `import:` and an id where many records are changed by no press of a button.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
