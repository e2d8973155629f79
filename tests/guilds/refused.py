"""Reading a refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from guilds.audit.refusals import Conflict


def refused(call: Callable, *args: Any, **kwargs: Any) -> dict[str, list[str]]:
    """What a call refuses, by field; the test fails if it does not."""
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    assert not isinstance(refusal.value, Conflict), "a conflict is not the caller's mistake"
    return refusal.value.message_dict


def conflict(call: Callable, *args: Any, **kwargs: Any) -> str:
    """Why a call can't be done any more; the test fails if it can."""
    with pytest.raises(Conflict) as refusal:
        call(*args, **kwargs)
    return " ".join(refusal.value.messages)
