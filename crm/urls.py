"""Addresses of the pages."""

from django.urls import include, path

from crm.views import feeds, mail, packs, public
from crm.views.account import Account
from crm.views.advisers import AdviserDetail, AdviserList, AdviserVerb, SignUp
from crm.views.apprenticeships import (
    ApprenticeshipDetail,
    ApprenticeshipList,
    ApprenticeshipVerb,
    CorrectApprenticeship,
    NewApprenticeship,
)
from crm.views.attachments import AttachFile, DetachFile, DownloadAttachment
from crm.views.brand import brand
from crm.views.calendar import CalendarPage
from crm.views.changes import Changes, RecordHistory, UndoChange
from crm.views.coverage import ColdSpotList
from crm.views.desk import DeskForm, DeskWall, worker
from crm.views.desk_clearing import DecideEntry, DeskDetail, DeskPoster, DeskVerb, OpenDesk
from crm.views.engagement_form import CorrectEngagement, LogEngagement
from crm.views.engagement_verbs import AnswerAttendance, CloseEngagement, ConfirmEngagement, EndEngagement
from crm.views.engagements import EngagementDetail, EngagementList
from crm.views.follow_ups import CorrectFollowUp, FollowUpDetail, FollowUpList, FollowUpVerb, NewFollowUp
from crm.views.follow_ups_bulk import BulkFollowUps
from crm.views.guilds import GuildDetail, GuildList, GuildMeetings, GuildMembers, NewMember
from crm.views.home import Home
from crm.views.impact import ImpactDistrict, ImpactGuild, ImpactKind, ImpactOverview
from crm.views.impact_evidence import ImpactEvidence
from crm.views.impact_files import ImpactFile
from crm.views.imports import (
    DiscardImport,
    ImportDetail,
    ImportList,
    ImportRefused,
    LoadImport,
    NameColumns,
    NewImport,
    UndoImport,
)
from crm.views.indicators import (
    EndIndicator,
    EnterValue,
    IndicatorDetail,
    IndicatorFile,
    IndicatorGrid,
    NewIndicator,
    RewordIndicator,
)
from crm.views.intakes import Intakes
from crm.views.invitations import AcceptInvitation, InvitationList, InvitationVerb, Invite
from crm.views.joining import AskToJoin, DeclineJoin, JoinRequestList, LetJoin
from crm.views.matching import MatchPledge, MatchRequest
from crm.views.merging import ChooseOther, ComparePair, DuplicateList, MergePage, TellApart
from crm.views.my_data import AskAboutMyData, MyData, MyDataFile
from crm.views.offers import OfferList
from crm.views.opportunities_bulk import BulkApprenticeships, BulkPlacements
from crm.views.organisation_parts import CorrectContact, CorrectNote, JoinGuild, LeaveGuild, NewContact
from crm.views.organisations import (
    CorrectOrganisation,
    NewOrganisation,
    NoteInteraction,
    OrganisationDetail,
    OrganisationList,
)
from crm.views.organisations_pick import PickOrganisation
from crm.views.outbox import outbox, outbox_html
from crm.views.people import ChangePerson, CorrectPerson, PeopleList, Person
from crm.views.placements import CorrectPlacement, NewPlacement, PlacementDetail, PlacementList, PlacementVerb
from crm.views.pledge_board import PledgeBoard
from crm.views.pledge_bulk import BulkPledges
from crm.views.pledge_claims import AcceptClaim, ClaimPledge, DeclineClaim, WithdrawClaim
from crm.views.pledge_credit import CreditPledge, UncreditPledge
from crm.views.pledge_list import PledgeList
from crm.views.pledge_quiet import FollowUpPledge, QuietPledges
from crm.views.pledge_verbs import AllocationVerb, PledgeVerb
from crm.views.pledges import CorrectPledge, NewPledge, PledgeDetail
from crm.views.promises import PromiseList
from crm.views.public_sector import PublicSector
from crm.views.publication_verbs import PublicationVerb
from crm.views.publications import (
    NewPublication,
    PublicationDetail,
    PublicationFile,
    PublicationList,
    PublicationVersions,
)
from crm.views.requests import CorrectRequest, NewRequest, RequestDetail, RequestList, RequestVerb
from crm.views.retention import ApplyRetention, Retention
from crm.views.rights import AnswerRightsRequest, ErasureList, NoteRightsRequest, RightsRequestDetail, RightsRequestList
from crm.views.rights_people import ErasePerson, FindPerson, PersonFile, PersonHeld
from crm.views.saved_views import ChangeView, ExportList, SaveView
from crm.views.scopes import CorrectScope, DeleteScope, NewScope, ScopeList
from crm.views.search import Search
from crm.views.statements import (
    EndShare,
    ShareStatement,
    StatementPage,
    StatementPdf,
    shared_statement,
    shared_statement_pdf,
)
from crm.views.supported_routes import RecordApprenticeshipOutcome, RecordOutcome, SupportedRoutes
from crm.views.target_spread import SpreadTargets
from crm.views.targets import EndTarget, MoveTarget, NewTarget, TargetDetail, TargetList

#: What may be done with an engagement: one name for all, told apart by `verb`; each is a view with its own permission.
ENGAGEMENT_VERBS = {
    "confirm": ConfirmEngagement,
    "deliver": CloseEngagement,
    "numbers": CloseEngagement,
    "cancel": EndEngagement,
    "postpone": EndEngagement,
    "correct": CorrectEngagement,
    "answer": AnswerAttendance,
}

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("sign-in/", include("crm.sign_in_urls")),
    path("brand.css", brand, name="brand"),
    path("outbox/", outbox, name="outbox"),
    path("outbox/<uuid:pk>/", outbox_html, name="outbox_html"),
    path("calendar/", CalendarPage.as_view(), name="calendar"),
    path("calendar/feeds/", feeds.Feeds.as_view(), name="calendar_feeds"),
    path("feeds/<str:token>.ics", feeds.feed, name="calendar_feed"),
    path("changes/<uuid:pk>/undo/", UndoChange.as_view(), name="change_undo"),
    path("changes/<slug:request_id>/", Changes.as_view(), name="changes"),
    path("history/<slug:kind>/<uuid:pk>/", RecordHistory.as_view(), name="history"),
    path("mail/stop/<str:token>/", mail.stop, name="mail_stop"),
    path("mail/bounced/", mail.bounced, name="mail_bounced"),
    path("account/", Account.as_view(), name="account"),
    path("account/", include("crm.account_urls")),
    path("account/mail/", mail.MailPreferences.as_view(), name="mail_preferences"),
    path("my-data/", MyData.as_view(), name="my_data"),
    path("my-data/ask/<slug:kind>/", AskAboutMyData.as_view(), name="my_data_ask"),
    path("my-data/file.<slug:form>", MyDataFile.as_view(), name="my_data_file"),
    path("rights/", RightsRequestList.as_view(), name="rights_request_list"),
    path("rights/new/", NoteRightsRequest.as_view(), name="rights_request_new"),
    path("rights/erasures/", ErasureList.as_view(), name="erasure_list"),
    path("rights/retention/", Retention.as_view(), name="retention"),
    path("rights/retention/apply/", ApplyRetention.as_view(), name="retention_apply"),
    path("rights/people/", FindPerson.as_view(), name="rights_find"),
    path("rights/people/<slug:kind>/<uuid:pk>/", PersonHeld.as_view(), name="rights_person"),
    path("rights/people/<slug:kind>/<uuid:pk>/file.<slug:form>", PersonFile.as_view(), name="rights_person_file"),
    path("rights/people/<slug:kind>/<uuid:pk>/erase/", ErasePerson.as_view(), name="rights_person_erase"),
    path("rights/<uuid:pk>/", RightsRequestDetail.as_view(), name="rights_request"),
    *(
        path(f"rights/<uuid:pk>/{verb}/", AnswerRightsRequest.as_view(), {"verb": verb}, name="rights_request_verb")
        for verb in AnswerRightsRequest.VERBS
    ),
    path("people/", PeopleList.as_view(), name="people"),
    path("people/invitations/", InvitationList.as_view(), name="invitation_list"),
    path("people/invite/", Invite.as_view(), name="invite"),
    path("people/requests/", JoinRequestList.as_view(), name="join_requests"),
    path("people/requests/<uuid:pk>/", LetJoin.as_view(), name="join_request"),
    path("people/requests/<uuid:pk>/decline/", DeclineJoin.as_view(), name="join_decline"),
    *(
        path(f"people/invitations/<uuid:pk>/{verb}/", InvitationVerb.as_view(), {"verb": verb}, name="invitation_verb")
        for verb in InvitationVerb.VERBS
    ),
    path("people/<uuid:pk>/", Person.as_view(), name="person"),
    path("people/<uuid:pk>/correct/", CorrectPerson.as_view(), name="person_correct"),
    path("people/<uuid:pk>/<slug:verb>/", ChangePerson.as_view(), name="person_verb"),
    path("invitations/<str:token>/", AcceptInvitation.as_view(), name="invitation"),
    path("join/", AskToJoin.as_view(), name="join"),
    path("emails/", mail.MailKinds.as_view(), name="mail_kinds"),
    path("emails/<slug:kind>/", mail.MailPreview.as_view(), name="mail_preview"),
    path("emails/<slug:kind>/html/", mail.MailPreviewHtml.as_view(), name="mail_preview_html"),
    path("engagements/", EngagementList.as_view(), name="engagement_list"),
    path("engagements/new/", LogEngagement.as_view(), name="engagement_new"),
    path("engagements/<uuid:pk>/", EngagementDetail.as_view(), name="engagement_detail"),
    *(
        path(f"engagements/<uuid:pk>/{verb}/", view.as_view(), {"verb": verb}, name="engagement_verb")
        for verb, view in ENGAGEMENT_VERBS.items()
    ),
    path("engagements/<uuid:pk>/files/new/", AttachFile.as_view(), name="attachment_new"),
    path("engagements/<uuid:pk>/files/<uuid:file>/", DownloadAttachment.as_view(), name="attachment"),
    path("engagements/<uuid:pk>/files/<uuid:file>/remove/", DetachFile.as_view(), name="attachment_remove"),
    path("engagements/<uuid:pk>/desk/", OpenDesk.as_view(), name="desk_open"),
    path("desk/worker.js", worker, name="desk_worker"),
    path("desk/<slug:code>/", DeskForm.as_view(), name="desk"),
    path("desk/<slug:code>/wall/", DeskWall.as_view(), name="desk_wall"),
    path("desks/<uuid:pk>/", DeskDetail.as_view(), name="desk_detail"),
    path("desks/<uuid:pk>/poster.pdf", DeskPoster.as_view(), name="desk_poster"),
    path("desks/<uuid:pk>/entries/<uuid:entry>/", DecideEntry.as_view(), name="desk_entry"),
    path("desks/<uuid:pk>/<slug:verb>/", DeskVerb.as_view(), name="desk_verb"),
    path("organisations/pick/", PickOrganisation.as_view(), name="organisation_pick"),
    path("organisations/", OrganisationList.as_view(), name="organisation_list"),
    path("organisations/public-sector/", PublicSector.as_view(), name="public_sector"),
    path("organisations/new/", NewOrganisation.as_view(), name="organisation_new"),
    path("organisations/duplicates/", DuplicateList.as_view(), name="organisation_duplicates"),
    path("organisations/merges/<uuid:pk>/", MergePage.as_view(), name="organisation_merge_undo"),
    path("organisations/<uuid:pk>/merge/", ChooseOther.as_view(), name="organisation_merge"),
    path("organisations/<uuid:pk>/merge/<uuid:other>/", ComparePair.as_view(), name="organisation_compare"),
    path("organisations/<uuid:pk>/merge/<uuid:other>/apart/", TellApart.as_view(), name="organisation_tell_apart"),
    path("organisations/<uuid:pk>/", OrganisationDetail.as_view(), name="organisation_detail"),
    path("organisations/<uuid:pk>/correct/", CorrectOrganisation.as_view(), name="organisation_correct"),
    path("organisations/<uuid:pk>/note/", NoteInteraction.as_view(), name="organisation_note"),
    path("organisations/<uuid:pk>/notes/<uuid:note>/", CorrectNote.as_view(), name="note_correct"),
    path("organisations/<uuid:pk>/people/new/", NewContact.as_view(), name="contact_new"),
    path("organisations/<uuid:pk>/people/<uuid:contact>/", CorrectContact.as_view(), name="contact_correct"),
    path("organisations/<uuid:pk>/guilds/join/", JoinGuild.as_view(), name="membership_join"),
    path("organisations/<uuid:pk>/guilds/<uuid:membership>/leave/", LeaveGuild.as_view(), name="membership_leave"),
    path("offers/", OfferList.as_view(), name="offer_list"),
    path("guilds/", GuildList.as_view(), name="guild_list"),
    path("guilds/<slug:slug>/", GuildDetail.as_view(), name="guild_detail"),
    path("guilds/<slug:slug>/members/", GuildMembers.as_view(), name="guild_members"),
    path("guilds/<slug:slug>/members/new/", NewMember.as_view(), name="guild_member_new"),
    path("guilds/<slug:slug>/meetings/", GuildMeetings.as_view(), name="guild_meetings"),
    path("placements/", PlacementList.as_view(), name="placement_list"),
    path("placements/bulk/", BulkPlacements.as_view(), name="placement_bulk"),
    path("placements/new/", NewPlacement.as_view(), name="placement_new"),
    path("placements/<uuid:pk>/", PlacementDetail.as_view(), name="placement_detail"),
    path("placements/<uuid:pk>/correct/", CorrectPlacement.as_view(), name="placement_correct"),
    path("placements/<uuid:pk>/<slug:verb>/", PlacementVerb.as_view(), name="placement_verb"),
    path("apprenticeships/", ApprenticeshipList.as_view(), name="apprenticeship_list"),
    path("apprenticeships/intakes/", Intakes.as_view(), name="intakes"),
    path("apprenticeships/bulk/", BulkApprenticeships.as_view(), name="apprenticeship_bulk"),
    path("apprenticeships/new/", NewApprenticeship.as_view(), name="apprenticeship_new"),
    path("apprenticeships/<uuid:pk>/", ApprenticeshipDetail.as_view(), name="apprenticeship_detail"),
    path("apprenticeships/<uuid:pk>/correct/", CorrectApprenticeship.as_view(), name="apprenticeship_correct"),
    path("apprenticeships/<uuid:pk>/<slug:verb>/", ApprenticeshipVerb.as_view(), name="apprenticeship_verb"),
    path("views/new/", SaveView.as_view(), name="saved_view_new"),
    path("views/<uuid:pk>/", ChangeView.as_view(), name="saved_view"),
    path("exports/", ExportList.as_view(), name="export_list"),
    path("search/", Search.as_view(), name="search"),
    path("imports/", ImportList.as_view(), name="import_list"),
    path("imports/new/", NewImport.as_view(), name="import_new"),
    path("imports/<uuid:pk>/", ImportDetail.as_view(), name="import_detail"),
    path("imports/<uuid:pk>/columns/", NameColumns.as_view(), name="import_columns"),
    path("imports/<uuid:pk>/load/", LoadImport.as_view(), name="import_load"),
    path("imports/<uuid:pk>/discard/", DiscardImport.as_view(), name="import_discard"),
    path("imports/<uuid:pk>/refused/", ImportRefused.as_view(), name="import_refused"),
    path("imports/<uuid:pk>/undo/", UndoImport.as_view(), name="import_undo"),
    path("follow-ups/", FollowUpList.as_view(), name="follow_up_list"),
    path("follow-ups/new/", NewFollowUp.as_view(), name="follow_up_new"),
    path("follow-ups/bulk/", BulkFollowUps.as_view(), name="follow_up_bulk"),
    path("follow-ups/<uuid:pk>/", FollowUpDetail.as_view(), name="follow_up"),
    path("follow-ups/<uuid:pk>/correct/", CorrectFollowUp.as_view(), name="follow_up_correct"),
    path("follow-ups/<uuid:pk>/<slug:verb>/", FollowUpVerb.as_view(), name="follow_up_verb"),
    path("pledges/", PledgeList.as_view(), name="pledge_list"),
    path("pledges/new/", NewPledge.as_view(), name="pledge_new"),
    path("pledges/board/", PledgeBoard.as_view(), name="pledge_board"),
    path("pledges/quiet/", QuietPledges.as_view(), name="pledge_quiet"),
    path("pledges/bulk/", BulkPledges.as_view(), name="pledge_bulk"),
    path("pledges/<uuid:pk>/", PledgeDetail.as_view(), name="pledge_detail"),
    path("pledges/<uuid:pk>/correct/", CorrectPledge.as_view(), name="pledge_correct"),
    path("pledges/<uuid:pk>/match/", MatchPledge.as_view(), name="pledge_match"),
    path("pledges/<uuid:pk>/credit/", CreditPledge.as_view(), name="pledge_credit"),
    path("pledges/<uuid:pk>/credit/<uuid:delivery>/", UncreditPledge.as_view(), name="pledge_uncredit"),
    path("pledges/<uuid:pk>/did/", ClaimPledge.as_view(), name="pledge_claim"),
    path("pledges/<uuid:pk>/did/<uuid:claim>/accept/", AcceptClaim.as_view(), name="pledge_claim_accept"),
    path("pledges/<uuid:pk>/did/<uuid:claim>/decline/", DeclineClaim.as_view(), name="pledge_claim_decline"),
    path("pledges/<uuid:pk>/did/<uuid:claim>/take-back/", WithdrawClaim.as_view(), name="pledge_claim_withdraw"),
    path("pledges/<uuid:pk>/follow-up/", FollowUpPledge.as_view(), name="pledge_follow_up"),
    path("pledges/<uuid:pk>/<slug:verb>/", PledgeVerb.as_view(), name="pledge_verb"),
    path(
        "pledges/<uuid:pk>/allocations/<uuid:allocation>/<slug:verb>/",
        AllocationVerb.as_view(),
        name="pledge_allocation_verb",
    ),
    path("statements/<uuid:pk>/", StatementPage.as_view(), name="statement"),
    path("statements/<uuid:pk>/statement.pdf", StatementPdf.as_view(), name="statement_pdf"),
    path("statements/<uuid:pk>/share/", ShareStatement.as_view(), name="statement_share"),
    path("statements/<uuid:pk>/links/<uuid:share>/end/", EndShare.as_view(), name="statement_share_end"),
    path("shared/<str:token>/", shared_statement, name="shared_statement"),
    path("shared/<str:token>/statement.pdf", shared_statement_pdf, name="shared_statement_pdf"),
    path("requests/", RequestList.as_view(), name="request_list"),
    path("requests/new/", NewRequest.as_view(), name="request_new"),
    path("requests/<uuid:pk>/", RequestDetail.as_view(), name="request_detail"),
    path("requests/<uuid:pk>/correct/", CorrectRequest.as_view(), name="request_correct"),
    path("requests/<uuid:pk>/match/", MatchRequest.as_view(), name="request_match"),
    path("requests/<uuid:pk>/<slug:verb>/", RequestVerb.as_view(), name="request_verb"),
    path("publications/", PublicationList.as_view(), name="publication_list"),
    path("publications/new/", NewPublication.as_view(), name="publication_new"),
    path("publications/<uuid:pk>/", PublicationDetail.as_view(), name="publication_detail"),
    path("publications/<uuid:pk>/versions/", PublicationVersions.as_view(), name="publication_versions"),
    path("publications/<uuid:pk>/figures.<slug:form>", PublicationFile.as_view(), name="publication_file"),
    path("publications/<uuid:pk>/board-pack/", packs.BoardPackPage.as_view(), name="board_pack"),
    path("publications/<uuid:pk>/board-pack/new/", packs.NewBoardPack.as_view(), name="board_pack_new"),
    path("packs/<uuid:pk>/", packs.PackDetail.as_view(), name="pack"),
    path("packs/<uuid:pk>/pack.pdf", packs.PackFile.as_view(), name="pack_file"),
    path("publications/<uuid:pk>/<slug:verb>/", PublicationVerb.as_view(), name="publication_verb"),
    path("published/<str:token>.csv-metadata.json", public.columns_file, name="published_columns"),
    path("published/<str:token>.csv", public.csv_file, name="published_csv"),
    path("published/<str:token>.json", public.json_file, name="published_json"),
    path("published/<str:token>/board-pack.pdf", public.pack_file, name="published_pack"),
    path("published/<str:token>/", public.page, name="published"),
    path("published/<str:token>/embed/<slug:measure>/", public.embed, name="published_embed"),
    path("advisers/", AdviserList.as_view(), name="adviser_list"),
    path("advisers/new/", SignUp.as_view(), name="adviser_new"),
    path("advisers/<uuid:pk>/", AdviserDetail.as_view(), name="adviser_detail"),
    path("advisers/<uuid:pk>/<slug:verb>/", AdviserVerb.as_view(), name="adviser_verb"),
    path("indicators/", IndicatorGrid.as_view(), name="indicator_list"),
    path("indicators/grid.<slug:form>", IndicatorFile.as_view(), name="indicator_file"),
    path("indicators/new/", NewIndicator.as_view(), name="indicator_new"),
    path("indicators/<uuid:pk>/", IndicatorDetail.as_view(), name="indicator_detail"),
    path("indicators/<uuid:pk>/value/", EnterValue.as_view(), name="indicator_value"),
    path("indicators/<uuid:pk>/reword/", RewordIndicator.as_view(), name="indicator_reword"),
    path("indicators/<uuid:pk>/end/", EndIndicator.as_view(), name="indicator_end"),
    path("impact/", ImpactOverview.as_view(), name="impact_overview"),
    path("impact/supported-routes/", SupportedRoutes.as_view(), name="supported_routes"),
    path("impact/supported-routes/placements/<uuid:pk>/", RecordOutcome.as_view(), name="placement_outcome"),
    path(
        "impact/supported-routes/apprenticeships/<uuid:pk>/",
        RecordApprenticeshipOutcome.as_view(),
        name="apprenticeship_outcome",
    ),
    path("impact/coverage/", ColdSpotList.as_view(), name="coverage"),
    path("impact/promises/", PromiseList.as_view(), name="promise_list"),
    path("impact/scopes/", ScopeList.as_view(), name="scope_list"),
    path("impact/scopes/new/", NewScope.as_view(), name="scope_new"),
    path("impact/scopes/<uuid:pk>/correct/", CorrectScope.as_view(), name="scope_correct"),
    path("impact/scopes/<uuid:pk>/delete/", DeleteScope.as_view(), name="scope_delete"),
    path("impact/evidence/", ImpactEvidence.as_view(), name="impact_evidence"),
    path("impact/guilds/<slug:slug>/", ImpactGuild.as_view(), name="impact_guild"),
    path("impact/districts/<slug:code>/", ImpactDistrict.as_view(), name="impact_district"),
    path("impact/districts/<slug:code>/pack/", packs.DistrictPackPage.as_view(), name="district_pack"),
    path("impact/districts/<slug:code>/pack/new/", packs.NewDistrictPack.as_view(), name="district_pack_new"),
    path("impact/kinds/<slug:slug>/", ImpactKind.as_view(), name="impact_kind"),
    path("impact/data/<slug:name>.<slug:form>", ImpactFile.as_view(), name="impact_file"),
    path("targets/", TargetList.as_view(), name="target_list"),
    path("targets/new/", NewTarget.as_view(), name="target_new"),
    path("targets/spread/", SpreadTargets.as_view(), name="target_spread"),
    path("targets/<uuid:pk>/", TargetDetail.as_view(), name="target_detail"),
    path("targets/<uuid:pk>/move/", MoveTarget.as_view(), name="target_move"),
    path("targets/<uuid:pk>/end/", EndTarget.as_view(), name="target_end"),
]
