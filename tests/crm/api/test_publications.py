"""Publications as programs use them: made, published, compared and revised."""

import pytest

from guilds.opportunities import actions as opportunities
from tests.crm.api.caller import Caller, faults
from tests.factories import make_commission_member, make_school_member
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db


def total(shown: dict, measure: str) -> dict:
    [figure] = [f for f in shown["figures"] if (f["measure"], f["by"], f["key"]) == (measure, "total", "total")]
    return figure


def test_from_draft_to_revision():
    year = Year()
    caller = Caller(year.by)
    body = {"period": "2016-17", "guild": None, "district": None}
    answer = caller.post("publications/", body, idempotency_key="one")
    draft = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, draft["url"])
    assert (draft["version"], draft["status"], draft["published_at"]) == (1, "draft", None)
    assert total(draft, "placements_arranged")["value"] == 85
    assert caller.post("publications/", body, idempotency_key="one").json() == draft
    assert caller.post("publications/", body).status_code == 409
    assert faults(caller.post("publications/", {"period": "2016"})) == {"period": "invalid_period"}
    assert faults(caller.post(f"{draft['url']}publish/", {"status": "draft"})) == {"status": "invalid_choice"}
    assert faults(caller.post(f"{draft['url']}revise/", {"reason": "Why"})) == {"status": "lifecycle"}

    version = caller.post(f"{draft['url']}publish/", {"status": "provisional"}).json()
    assert version["status"] == "provisional"
    assert version["published_at"]
    assert version["methodology_version"]
    assert caller.post(f"{draft['url']}publish/", {"status": "provisional"}).status_code == 409
    tag = caller.get(draft["url"])["ETag"]
    assert caller.get(draft["url"], if_none_match=tag).status_code == 304
    assert caller.get(f"{draft['url']}differences/").json()["results"] == []

    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    found = caller.get(f"{draft['url']}differences/").json()["results"]
    [placed] = [d for d in found if (d["measure"], d["by"]) == ("placements_arranged", "total")]
    assert (placed["key"], placed["published"], placed["now"]) == ("total", 85, 87)
    assert [(c["record"], c["before"], c["now"]) for c in placed["changes"]] == [("placement", 80, 82)]
    assert total(caller.get(draft["url"]).json(), "placements_arranged")["value"] == 85
    assert caller.post(f"{draft['url']}publish/", {"status": "final"}).status_code == 409

    assert faults(caller.post(f"{draft['url']}revise/", {})) == {"reason": "required"}
    answer = caller.post(f"{draft['url']}revise/", {"reason": "Two learners came later"})
    second = answer.json()
    assert (answer.status_code, second["version"], second["reason"]) == (201, 2, "Two learners came later")
    second = caller.post(f"{second['url']}publish/", {"status": "final"}).json()
    assert (second["status"], total(second, "placements_arranged")["value"]) == ("final", 87)
    first = caller.get(draft["url"]).json()
    assert (first["status"], total(first, "placements_arranged")["value"]) == ("revised", 85)
    rows = caller.get("publications/", {"period": "2016-17", "count": "true"}).json()
    assert (rows["count"], [row["version"] for row in rows["results"]]) == (2, [2, 1])
    assert "figures" not in rows["results"][0]

    commission, member = Caller(make_commission_member()), Caller(make_school_member(year.schools[0]))
    assert commission.get(first["url"]).json()["figures"] == first["figures"]
    assert {f["by"] for f in member.get(first["url"]).json()["figures"]} == {"total"}
    assert member.get(f"{first['url']}differences/").status_code == 403


def test_figures_of_few_are_told_to_nobody_and_live_ones_to_the_team_only():
    year = Year()
    year.event(send=(3, 0))
    caller, commission = Caller(year.by), Caller(make_commission_member())
    draft = caller.post("publications/", {"period": "2016-17"}).json()
    url = caller.post(f"{draft['url']}publish/", {"status": "final"}).json()["url"]
    few = {
        f["key"]: f for f in caller.get(url).json()["figures"] if (f["measure"], f["by"]) == ("encounters_fsm", "guild")
    }
    assert {(f["value"], f["symbol"]) for f in few.values()} == {(0, "x"), (0, "")}, "nobody has said"

    asked = {"period": "2016-17", "by": "district", "measures": "encounters_send,encounters"}
    mine, theirs = (who.get("impact/summary/", asked).json()["total"]["measures"] for who in (caller, commission))
    assert mine["encounters_send"]["value"] == 30
    assert (theirs["encounters_send"]["value"], theirs["encounters_send"]["symbol"]) == (None, "c")
    assert theirs["encounters"] == mine["encounters"]
    asked = {"period": "2016-17", "measure": "encounters_send"}
    assert faults(commission.get("impact/evidence/", asked)) == {"measure": "confidential"}
    assert caller.get("impact/evidence/", asked).json()["total"] == 30
