"""What is to be done about a record, and a line to add something: ``{% load follow_ups %}{% follow_ups_of pledge %}``."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from crm.views.once import new_token
from guilds.access.permissions import allowed
from guilds.engagement.follow_ups import FollowUp, FollowUpStatus

register = template.Library()
#: In how many days the line on a page offers to be reminded.
DAYS = ((1, "Tomorrow"), (7, "In a week"), (14, "In two weeks"), (30, "In a month"))
_CHOSEN = 7
_CHOICES = SafeString(
    "".join(f'<option value="{n}"{" selected" if n == _CHOSEN else ""}>{words}</option>' for n, words in DAYS)
)
SHOWN = 10


@register.inclusion_tag("follow_ups/of_record.html", takes_context=True)
def follow_ups_of(context: Any, record: Any) -> dict[str, Any]:
    """What is still to be done about it, and the line, for those who may know; one query."""
    user = context["user"]
    if not allowed(user, "followup.view"):
        return {}
    rows = FollowUp.objects.visible_to(user).about(record).filter(status=FollowUpStatus.OPEN)
    found = list(rows.values("pk", "what", "due_on", "assigned_to__name")[: SHOWN + 1])
    noun = record._meta.model_name
    return follow_up_line(context, record) | {
        "follow_ups": found[:SHOWN],
        "more": len(found) > SHOWN,
        "list_address": f"{reverse('follow_up_list')}?whose=all&{noun}={record.pk}",
        "today": timezone.localdate(),
        "shown": True,
    }


@register.inclusion_tag("follow_ups/line.html", takes_context=True)
def follow_up_line(context: Any, record: Any) -> dict[str, Any]:
    """The line alone."""
    return {
        "may_add": allowed(context["user"], "followup.change"),
        "address": f"{reverse('follow_up_new')}?{record._meta.model_name}={record.pk}",
        "days": _CHOICES,
        "form_token": new_token(),
        "csrf_token": context.get("csrf_token"),
    }
