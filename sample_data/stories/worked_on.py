"""People whose story goes on after the assignment: a provider closes, a contact is made, late, or never."""

from __future__ import annotations

from sample_data.story import Enrolled, Expect, Record, Story, Who

_JI = "PRESUMPTIVE_JI_834"
_CALENDAR, _BUSINESS = "FIRST_CONTACT_CALENDAR", "FIRST_CONTACT_BUSINESS"

WORKED_ON = (
    Story(
        "provider_closes",
        Who("Nerys", "Hollowquist", "1972-07-12", "F", "Kern", "SPA"),
        "Flagged on day 2 and already out. Her provider, which speaks her language, closes after day 4: on day 5 it "
        "hears of the end, and the other one of the county hears of her and of the one before.",
        Expect(
            "ACTIVE", _JI, "RULE", "kern_line", first_delivered=5, record_actions=("ADD",),
            change_reasons=("PROVIDER_CHANGE",), prior_provider="kern_closing",
        ),
        (Enrolled(0, "01"), Enrolled(2, "01", ji=True)),
        settled=5,
    ),
    Story(
        "contact_in_time",
        Who("Osbert", "Twinklesford", "1981-09-27", "M"),
        "Flagged on day 2 and already out; his provider met him the next day, and the liaison notes it on day 4.",
        Expect("ACTIVE", _JI, "RULE", first_delivered=2, clocks=((_CALENDAR, "MET"), (_BUSINESS, "MET"))),
        (Enrolled(0, "01"), Enrolled(2, "01", ji=True)),
        acts=(Record(4, "FIRST_CONTACT", 3, "at the provider's office"),),
    ),
    Story(
        "contact_late",
        Who("Petronel", "Ashwicket", "1997-03-16", "F"),
        "Flagged on day 2 and already out; her provider reached her on day 6, when the contact was overdue.",
        Expect("ACTIVE", _JI, "RULE", first_delivered=2, clocks=((_CALENDAR, "LATE"), (_BUSINESS, "LATE"))),
        (Enrolled(0, "01"), Enrolled(2, "01", ji=True)),
        acts=(Record(7, "FIRST_CONTACT", 6, "by phone, at the fourth attempt"),),
    ),
    Story(
        "contact_never",
        Who("Quillan", "Brasterfield", "1985-12-11", "M"),
        "Flagged on day 2 and already out; nobody tells of a contact, and the liaison is reminded of it.",
        Expect(
            "ACTIVE", _JI, "RULE", first_delivered=2, clocks=((_CALENDAR, "LATE"), (_BUSINESS, "LATE")),
            listed=(("CLOCKS_OVERDUE", _CALENDAR),),
        ),
        (Enrolled(0, "01"), Enrolled(2, "01", ji=True)),
        settled=5,
    ),
    Story(
        "after_hours_answered",
        Who("Rosalba", "Finchendale", "1979-05-02", "F"),
        "On the evening of day 5 she reaches for the liaison, who answers on day 6: within one business day.",
        Expect("ACTIVE", _JI, "RULE", first_delivered=1, clocks=(("AFTER_HOURS_CONTACT", "MET"),)),
        (Enrolled(0, "01", ji=True),),
        acts=(
            Record(6, "AFTER_HOURS_CONTACT", 5, "left a message at 20:40"),
            Record(7, "AFTER_HOURS_ANSWERED", 6, "called back at 09:10"),
        ),
    ),
    Story(
        "after_hours_unanswered",
        Who("Silvan", "Grubbenthorpe", "1963-06-29", "M"),
        "On the evening of day 6 he reaches for the liaison; nobody has answered when day 8 begins.",
        Expect(
            "ACTIVE", _JI, "RULE", first_delivered=1, clocks=(("AFTER_HOURS_CONTACT", "LATE"),),
            listed=(("CLOCKS_OVERDUE", "AFTER_HOURS_CONTACT"),),
        ),
        (Enrolled(0, "01", ji=True),),
        acts=(Record(7, "AFTER_HOURS_CONTACT", 6, "left a message at 22:15"),),
        settled=8,
    ),
)  # fmt: skip
