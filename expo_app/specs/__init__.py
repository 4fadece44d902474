"""What a column is, for every kind of record: one definition for table, form, Excel in, Excel out and PDF."""

from expo_app.specs.achievements import ACHIEVEMENTS
from expo_app.specs.alliances import AGREEMENTS, ALLIANCES, MEMBERS, PLATFORMS
from expo_app.specs.auction import AUCTIONS, BIDDERS, BIDS, HOLIDAYS, LOTS
from expo_app.specs.categories import CATEGORIES
from expo_app.specs.checkin import CHECKINS, DESKS, GATES
from expo_app.specs.contracts import CONTRACTS
from expo_app.specs.deals import DEALS
from expo_app.specs.editions import EDITIONS
from expo_app.specs.exhibitors import EXHIBITORS
from expo_app.specs.expo import EXPOS
from expo_app.specs.expo_facts import ExpoFacts
from expo_app.specs.field_types import MISSING, FieldType, clean_text
from expo_app.specs.fields import Field
from expo_app.specs.floor import BOOTHS, HALLS, ROOMS, VENUES, ZONES
from expo_app.specs.follow_up import COMPLAINTS, MILESTONES, TASKS
from expo_app.specs.index_points import INDEX_POINTS
from expo_app.specs.matches import MATCHES
from expo_app.specs.matching import DEMANDS, PROVIDERS, SERVICE_ITEMS
from expo_app.specs.matching_grounds import (
    MATCHING_CONSENTS,
    MATCHING_SETTINGS,
    MATCHING_TIMES,
    MEETING_HOURS,
    MEETING_PLACES,
    REGION_POLICIES,
    REPORTED_COUNTS,
)
from expo_app.specs.matching_offers import OFFERS
from expo_app.specs.meetings import MEETINGS, STANDBY
from expo_app.specs.operators import OPERATORS
from expo_app.specs.organisations import ORGANISATIONS
from expo_app.specs.parks import PARK_FIGURES, PARKS, SHARING_EVENTS
from expo_app.specs.people import ATTENDEES, PEOPLE
from expo_app.specs.plan import Existing, ImportPlan, Outcome, PlanRow
from expo_app.specs.programme import PITCHES, PROGRAMME, SPEAKERS
from expo_app.specs.records import SPECS, Parent, RecordSpec
from expo_app.specs.region_groups import REGION_GROUPS
from expo_app.specs.registry import REGISTRY_CHOICES, REGISTRY_DEADLINES
from expo_app.specs.roadshow import INTERESTS, PITCH_COMMENTS, SCORE_CRITERIA, SCORES
from expo_app.specs.statements import STATEMENTS
from expo_app.specs.surveys import SURVEYS
from expo_app.specs.tenants import TENANT_FIGURES, TENANT_SUPPORTS, TENANTS
from expo_app.specs.voucher_uses import VOUCHER_USES, VOUCHERS
from expo_app.specs.vouchers import INSTRUMENTS, LISTED_PROVIDERS, POLICIES, RELATED_BODIES
from expo_app.specs.words import (
    ACHIEVEMENT_KINDS,
    BOOTH_KINDS,
    INDUSTRIES,
    ITEM_KINDS,
    ORGANISATION_KINDS,
    VOCABULARIES,
    WORDS,
)

SPECS.update(
    (spec.name, spec)
    for spec in (
        EXHIBITORS,
        ATTENDEES,
        PROGRAMME,
        PITCHES,
        SCORE_CRITERIA,
        SCORES,
        PITCH_COMMENTS,
        INTERESTS,
        ACHIEVEMENTS,
        DEMANDS,
        PROVIDERS,
        SERVICE_ITEMS,
        INSTRUMENTS,
        POLICIES,
        LISTED_PROVIDERS,
        RELATED_BODIES,
        MATCHES,
        OFFERS,
        REPORTED_COUNTS,
        MEETING_PLACES,
        MEETING_HOURS,
        MATCHING_TIMES,
        MATCHING_CONSENTS,
        REGION_POLICIES,
        MATCHING_SETTINGS,
        DEALS,
        CONTRACTS,
        AUCTIONS,
        BIDDERS,
        LOTS,
        BIDS,
        HOLIDAYS,
        MEETINGS,
        VOUCHERS,
        VOUCHER_USES,
        STATEMENTS,
        STANDBY,
        ALLIANCES,
        MEMBERS,
        PLATFORMS,
        AGREEMENTS,
        TASKS,
        MILESTONES,
        COMPLAINTS,
        ORGANISATIONS,
        PEOPLE,
        VENUES,
        HALLS,
        ZONES,
        BOOTHS,
        ROOMS,
        REGION_GROUPS,
        GATES,
        DESKS,
        CHECKINS,
        OPERATORS,
        EXPOS,
        EDITIONS,
        INDEX_POINTS,
        PARKS,
        TENANTS,
        PARK_FIGURES,
        TENANT_FIGURES,
        TENANT_SUPPORTS,
        SHARING_EVENTS,
        SURVEYS,
        REGISTRY_CHOICES,
        REGISTRY_DEADLINES,
        CATEGORIES,
        WORDS,
        *VOCABULARIES,
    )
)

__all__ = [
    "ACHIEVEMENTS",
    "ACHIEVEMENT_KINDS",
    "AGREEMENTS",
    "ALLIANCES",
    "ATTENDEES",
    "AUCTIONS",
    "BIDDERS",
    "BIDS",
    "BOOTHS",
    "BOOTH_KINDS",
    "CATEGORIES",
    "CHECKINS",
    "COMPLAINTS",
    "CONTRACTS",
    "DEALS",
    "DEMANDS",
    "DESKS",
    "EDITIONS",
    "EXHIBITORS",
    "EXPOS",
    "GATES",
    "HALLS",
    "HOLIDAYS",
    "INDEX_POINTS",
    "INDUSTRIES",
    "INSTRUMENTS",
    "INTERESTS",
    "ITEM_KINDS",
    "LISTED_PROVIDERS",
    "LOTS",
    "MATCHES",
    "MATCHING_CONSENTS",
    "MATCHING_SETTINGS",
    "MATCHING_TIMES",
    "MEETINGS",
    "MEETING_HOURS",
    "MEETING_PLACES",
    "MEMBERS",
    "MILESTONES",
    "MISSING",
    "OFFERS",
    "OPERATORS",
    "ORGANISATIONS",
    "ORGANISATION_KINDS",
    "PARKS",
    "PARK_FIGURES",
    "PEOPLE",
    "PITCHES",
    "PITCH_COMMENTS",
    "PLATFORMS",
    "POLICIES",
    "PROGRAMME",
    "PROVIDERS",
    "REGION_GROUPS",
    "REGION_POLICIES",
    "REGISTRY_CHOICES",
    "REGISTRY_DEADLINES",
    "RELATED_BODIES",
    "REPORTED_COUNTS",
    "ROOMS",
    "SCORES",
    "SCORE_CRITERIA",
    "SERVICE_ITEMS",
    "SHARING_EVENTS",
    "SPEAKERS",
    "SPECS",
    "STANDBY",
    "STATEMENTS",
    "SURVEYS",
    "TASKS",
    "TENANTS",
    "TENANT_FIGURES",
    "TENANT_SUPPORTS",
    "VENUES",
    "VOCABULARIES",
    "VOUCHERS",
    "VOUCHER_USES",
    "WORDS",
    "ZONES",
    "Existing",
    "ExpoFacts",
    "Field",
    "FieldType",
    "ImportPlan",
    "Outcome",
    "Parent",
    "PlanRow",
    "RecordSpec",
    "clean_text",
]
