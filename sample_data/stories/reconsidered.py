"""People of whom something was said that is corrected, taken back, doubted or disputed."""

from __future__ import annotations

from sample_data.story import Accept, Enrolled, Expect, Merge, Notice, Referral, Story, Who

_JI, _REFERRAL = "PRESUMPTIVE_JI_834", "REFERRAL"

RECONSIDERED = (
    Story(
        "notice_against_834",
        Who("Gunnar", "Plimsothwaite", "1978-06-06", "M"),
        "The jail says on day 3 that he is out since the day before; the 834 keeps the hold to the end.",
        Expect(
            "PENDING_RELEASE", _JI, "RULE", first_delivered=1, record_actions=("ADD", "CHANGE"),
            change_reasons=("NEW_JI_834", "RELEASED"), contradictions=("RELEASED_WHILE_HELD",),
            listed=(("CONTRADICTIONS", "RELEASED_WHILE_HELD"),),
        ),
        (Enrolled(0, "05", ji=True),),
        notices=(Notice(3, released=1),),
    ),
    Story(
        "notice_voided",
        Who("Henrike", "Quombaskill", "1990-02-19", "F"),
        "The jail's notice of day 2 says released; on day 4 the jail voids it. She has been inside all the time.",
        Expect(
            "PENDING_RELEASE", _JI, "RULE", first_delivered=1, record_actions=("ADD", "CHANGE", "CHANGE"),
            change_reasons=("NEW_JI_834", "RELEASED", "CORRECTION"), contradictions=(),
        ),
        (Enrolled(0, "05", ji=True),),
        notices=(Notice(2, released=1), Notice(4, released=5, action="VOID", first_told=2)),
    ),
    Story(
        "expected_date_moves",
        Who("Ivo", "Stranglemere", "1968-11-08", "M"),
        "Expected out on day 8; on day 3 the jail puts it off by three weeks, and on day 7 brings it forward again.",
        Expect(
            "PENDING_RELEASE", _JI, "RULE", first_delivered=1, record_actions=("ADD", "CHANGE", "CHANGE", "CHANGE"),
            contradictions=(), listed=(("PENDING_RELEASE", "WITHIN_14"),),
        ),
        (Enrolled(0, "05", ji=True),),
        notices=(
            Notice(2, expected=8),
            Notice(3, expected=28, action="CHANGE", first_told=2),
            Notice(7, expected=12, action="CHANGE", first_told=2),
        ),
    ),
    Story(
        "referral_withdrawn",
        Who("Jelka", "Wimbledrake", "1983-04-14", "F"),
        "Probation refers her on day 2 and withdraws the referral on day 7: nothing else speaks for her.",
        Expect(
            "CLOSED", _REFERRAL, "RULE", close_reason="WITHDRAWN", first_delivered=2, record_actions=("ADD", "TERM"),
            change_reasons=("NEW_REFERRAL", "ELIG_LOST"),
        ),
        (Enrolled(0, "01"),),
        (
            Referral(2, "probation", released=5),
            Referral(7, "probation", released=12, action="TERM", first_told=2),
        ),
    ),
    Story(
        "cin_changed",
        Who("Kasimir", "Drubbelhaven", "1976-10-03", "M"),
        "Inside under one CIN; from day 5 the 834 shows him active under another and names the first as prior "
        "identifier. On day 7 the liaison says that both are one person: one authorization, and it is active.",
        Expect(
            "ACTIVE", _JI, "RULE", first_delivered=1, record_actions=("ADD", "CHANGE"),
            change_reasons=("NEW_JI_834", "RELEASED"),
        ),
        (Enrolled(0, "05", ji=True), Enrolled(5, "01", new_cin=True)),
        acts=(Merge(7, "same birth date, address and phone; the county office confirms the change of CIN"),),
    ),
    Story(
        "name_misspelt",
        Who("Ludmila", "Vashterbrooke", "1994-08-25", "F"),
        "The jail's notice of day 3 has no CIN and misspells her: a proposal, until the liaison accepts it on day 4.",
        Expect("ACTIVE", _REFERRAL, "RULE", first_delivered=4, record_actions=("ADD",)),
        (Enrolled(0, "01"),),
        notices=(Notice(3, released=1, given={"cin": "", "last_name": "VASHTERBROKE"}),),
        acts=(Accept(4, 3, "the jail read the name from the booking card: it is she"),),
    ),
    Story(
        "places_disagree",
        Who("Merrick", "Oxtabroom", "1987-01-31", "M"),
        "Flagged on day 3 by a special aid code, while the reporting category says that his involvement has ended.",
        Expect("ACTIVE", _JI, "RULE", first_delivered=3, record_actions=("ADD",)),
        (Enrolled(0, "01"), Enrolled(3, "01", ji=True, category="JI-ENDED")),
    ),
)  # fmt: skip
