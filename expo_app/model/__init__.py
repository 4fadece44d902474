"""Every table of the program; importing this package makes `Base.metadata` complete."""

from expo_app.model.achievements import Achievement, IpStatus, TransferWay
from expo_app.model.audit import Audit, BatchKind, Counter, ImportBatch, ImportMemory, ImportRow, NotSame
from expo_app.model.badges import Badge
from expo_app.model.base import Base, Fen, Key, Moment, new_id
from expo_app.model.categories import Category, CountsAs, GateCategory
from expo_app.model.checkin import (
    AtCapacity,
    CheckIn,
    Desk,
    DeskCount,
    DeskSignal,
    Direction,
    Gate,
    GateHours,
    GateKind,
    Method,
    Presence,
    Verdict,
    Ways,
)
from expo_app.model.deals import (
    CertificateState,
    Deal,
    DealKind,
    DealParty,
    DealStage,
    DealStep,
    Entry,
    PartyRole,
    PaymentWay,
    PlanSource,
)
from expo_app.model.exhibitors import Exhibitor, ExhibitorKind, ExhibitorState
from expo_app.model.expo import Expo, ExpoOrganiser, ExpoVenue, OrganiserRole
from expo_app.model.floor import Booth, BoothMove, BoothState, FeatureKind, Hall, HallFeature, Room, Venue, Zone
from expo_app.model.operators import Operator, Role
from expo_app.model.organisations import Organisation
from expo_app.model.people import Attendee, AttendeeSource, AttendeeState, Person
from expo_app.model.programme import AgendaEntry, ItemState, Pitch, ProgrammeItem, Speaker, SpeakerRole
from expo_app.model.region_groups import RegionGroup
from expo_app.model.words import Colour, Pattern, Vocabulary, Word, WordChoice, WordRole

LOGS: tuple[type[Base], ...] = (Audit, CheckIn)
"""Whatever is written leaves a row in the first; only a scan is its own log."""

__all__ = [
    "LOGS",
    "Achievement",
    "AgendaEntry",
    "AtCapacity",
    "Attendee",
    "AttendeeSource",
    "AttendeeState",
    "Audit",
    "Badge",
    "Base",
    "BatchKind",
    "Booth",
    "BoothMove",
    "BoothState",
    "Category",
    "CertificateState",
    "CheckIn",
    "Colour",
    "Counter",
    "CountsAs",
    "Deal",
    "DealKind",
    "DealParty",
    "DealStage",
    "DealStep",
    "Desk",
    "DeskCount",
    "DeskSignal",
    "Direction",
    "Entry",
    "Exhibitor",
    "ExhibitorKind",
    "ExhibitorState",
    "Expo",
    "ExpoOrganiser",
    "ExpoVenue",
    "FeatureKind",
    "Fen",
    "Gate",
    "GateCategory",
    "GateHours",
    "GateKind",
    "Hall",
    "HallFeature",
    "ImportBatch",
    "ImportMemory",
    "ImportRow",
    "IpStatus",
    "ItemState",
    "Key",
    "Method",
    "Moment",
    "NotSame",
    "Operator",
    "Organisation",
    "OrganiserRole",
    "PartyRole",
    "Pattern",
    "PaymentWay",
    "Person",
    "Pitch",
    "PlanSource",
    "Presence",
    "ProgrammeItem",
    "RegionGroup",
    "Role",
    "Room",
    "Speaker",
    "SpeakerRole",
    "TransferWay",
    "Venue",
    "Verdict",
    "Vocabulary",
    "Ways",
    "Word",
    "WordChoice",
    "WordRole",
    "Zone",
    "new_id",
]
