"""What becomes of a claimed number that its school or college does not answer."""

from datetime import date

from guilds.audit import recording
from guilds.engagement.models import Answer, Attendance


def give_up_asking(*, attendance: Attendance, on: date) -> Attendance:
    """It was asked for often enough: no answer came. The school or college may still answer; the count stays as it was."""
    with recording.changing(attendance.engagement, by=None, verb="no answer"):
        now = Attendance.objects.select_for_update().get(pk=attendance.pk)
        if now.answer == Answer.UNANSWERED and now.no_answer_on is None:
            now.no_answer_on = on
            now.save(update_fields=["no_answer_on"])
        attendance.__dict__.update(now.__dict__)
    return attendance
