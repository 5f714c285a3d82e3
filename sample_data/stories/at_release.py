"""People who need something on the day of release, and reentry care plans that arrive or do not."""

from __future__ import annotations

from sample_data.story import Enrolled, Expect, Notice, Receipt, Record, Story, Who

_JI = "PRESUMPTIVE_JI_834"
_RIDE, _SUPPORTS, _LINK, _BOOKED = "TRANSPORTATION", "COMMUNITY_SUPPORTS", "BEHAVIORAL_HEALTH", "APPOINTMENTS"
_ALL = (_RIDE, _SUPPORTS, _LINK, _BOOKED)
_CARE_PLAN = "REENTRY_CARE_PLAN"

AT_RELEASE = (
    Story(
        "needs_arranged",
        Who("Tamsin", "Velderquoit", "1986-02-19", "F"),
        "The jail's notice of day 2 tells that all is arranged for her release on day 6: a ride, meals, a link to "
        "care, two appointments. Her provider has the reentry care plan on the day itself.",
        Expect(
            "ACTIVE", _JI, "FACILITY_NOTICE", "fresno_all", first_delivered=2,
            change_reasons=("NEW_JI_834", "RELEASED"), clocks=((_CARE_PLAN, "MET"),),
            needs=tuple((need, "ARRANGED") for need in _ALL),
        ),
        (Enrolled(0, "01"), Enrolled(2, "05", ji=True), Enrolled(6, "01", ji=True)),
        notices=(
            Notice(
                2, expected=6, pre_release="two_counties", post_release="fresno_all",
                given={
                    "transportation_needed": "Y", "transportation_arranged": "Y",
                    "transportation_pickup": "main gate at 09:00", "community_supports": "Medically Tailored Meals",
                    "community_supports_authorization_numbers": "CS-20418",
                    "community_supports_authorization_status": "Approved", "behavioral_health_need": "Mild to Moderate",
                    "behavioral_health_owner": "ECM Provider", "behavioral_health_linked_date": "11-06-2026",
                    "appointments_booked": "Y", "appointment_dates": "11-09-2026; 11-12-2026",
                    "appointment_kinds": "Primary Care; Dental",
                },
            ),
            Notice(6, released=0, pre_release="two_counties", post_release="fresno_all", first_told=2),
        ),
        receipts=(Receipt(6, "fresno_all"),),
    ),
    Story(
        "needs_missing",
        Who("Ulric", "Sandlewick", "1990-08-02", "M"),
        "Expected out on the Monday after day 8, as the jail says on day 3: he needs a ride, help with housing, a "
        "link to care and an appointment, and nothing of it is there. All four stand on the liaison's list.",
        Expect(
            "PENDING_RELEASE", _JI, "RULE", first_delivered=1, change_reasons=("NEW_JI_834", "DEMOGRAPHIC"),
            needs=tuple((need, "MISSING") for need in _ALL), listed=tuple(("NEEDS", need) for need in _ALL),
        ),
        (Enrolled(0, "05", ji=True),),
        notices=(
            Notice(
                3, expected=10,
                given={
                    "transportation_needed": "Y", "transportation_arranged": "N",
                    "community_supports": "Housing Deposits; Sobering Centers",
                    "community_supports_authorization_status": "Pending", "behavioral_health_need": "DMC-ODS",
                    "appointments_booked": "N",
                },
            ),
        ),
    ),
    Story(
        "needs_unknown",
        Who("Verity", "Oxenhumble", "1982-11-30", "F"),
        "Expected out within two weeks, as the jail says on day 4, and nobody says what she needs: the liaison "
        "is to ask.",
        Expect(
            "PENDING_RELEASE", _JI, "RULE", first_delivered=1, needs=tuple((need, "UNKNOWN") for need in _ALL),
            listed=tuple(("NEEDS", f"ASK_FOR_{need}") for need in _ALL),
        ),
        (Enrolled(0, "05", ji=True),),
        notices=(Notice(4, expected=12),),
    ),
    Story(
        "ride_arranged_by_phone",
        Who("Wendell", "Figglestone", "1976-01-17", "M"),
        "He needs a ride and nothing else; on day 4 the liaison arranges it by phone, and his provider hears of "
        "it on day 5.",
        Expect(
            "PENDING_RELEASE", _JI, "RULE", first_delivered=1,
            change_reasons=("NEW_JI_834", "DEMOGRAPHIC", "DEMOGRAPHIC"),
            needs=((_RIDE, "ARRANGED"), (_SUPPORTS, "NOT_NEEDED"), (_LINK, "NOT_NEEDED"), (_BOOKED, "ARRANGED")),
        ),
        (Enrolled(0, "05", ji=True),),
        notices=(
            Notice(
                2, expected=14,
                given={
                    "transportation_needed": "Y", "community_supports": "None", "behavioral_health_need": "None",
                    "appointments_booked": "Y",
                },
            ),
        ),
        acts=(Record(5, "TRANSPORT_ARRANGED", 4, "by phone with the jail"),),
    ),
    Story(
        "care_plan_not_arrived",
        Who("Xanthe", "Burrowmere", "1995-05-08", "F"),
        "Out on day 4. The plan has her reentry care plan; her provider's receipt of that day was a mistake, and is "
        "taken back on day 6. Until it arrives it is overdue.",
        Expect(
            "ACTIVE", _JI, "FACILITY_NOTICE", "fresno_bridge", first_delivered=2, clocks=((_CARE_PLAN, "LATE"),),
            listed=(("CLOCKS_OVERDUE", _CARE_PLAN),),
        ),
        (Enrolled(0, "01"), Enrolled(2, "05", ji=True), Enrolled(4, "01", ji=True)),
        notices=(
            Notice(2, expected=4, pre_release="two_counties", post_release="fresno_bridge"),
            Notice(4, released=0, pre_release="two_counties", post_release="fresno_bridge", first_told=2),
        ),
        receipts=(
            Receipt(4), Receipt(4, "fresno_bridge"), Receipt(6, "fresno_bridge", action="VOID", first_told=4),
        ),
    ),
    Story(
        "handed_off_inside",
        Who("Yorick", "Lampernesse", "1988-12-03", "M"),
        "His managers before and after release met with him on day 4, as a receipt tells, three days before he is out: "
        "no care plan is waited for.",
        Expect(
            "ACTIVE", _JI, "FACILITY_NOTICE", "fresno_all", first_delivered=2,
            clocks=(("HANDOFF_AFTER_RELEASE", "MET"), (_CARE_PLAN, "VOID")),
        ),
        (Enrolled(0, "01"), Enrolled(2, "05", ji=True), Enrolled(7, "01", ji=True)),
        notices=(
            Notice(2, expected=7, pre_release="two_counties", post_release="fresno_all"),
            Notice(7, released=0, pre_release="two_counties", post_release="fresno_all", first_told=2),
        ),
        receipts=(Receipt(4, "fresno_all", handed_off=0),),
    ),
)  # fmt: skip
