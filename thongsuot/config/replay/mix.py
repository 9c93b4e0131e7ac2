"""What people come for, when they come and what becomes of it: the assumptions of a replay, all in one place.

No public source gives these figures for July 2025 by ward and procedure. Known are the sums (over 66,000 dossiers in 13 days,
14 % online, 559 procedures, 126 units) and that certification is what fills the counters (Hà Đông gave it counters of its own).
The rest is chosen so that those sums come out, and told in docs/howto/replay-a-city.md.
"""

from __future__ import annotations

ONLINE_SHARE = 0.14
ONLINE_TOLERANCE = 0.005

# Parts of 1,000 of all dossiers. What is left goes to all other procedures, by whose desk they are at (`BODY_WEIGHTS`).
PROCEDURE_WEIGHTS = {
    "2.000815": 430,  # certified copies
    "2.000884": 75,  # certified signatures
    "2.000635": 85,  # extracts of civil status
    "1.001193": 45,  # births
    "1.004873": 40,  # marital status
    "1.000656": 22,  # deaths
    "1.001612": 28,  # household businesses
    "1.000894": 15,  # marriages
    "2.000908": 14,  # copies from the original register
    "1.001776": 14,  # monthly social allowance
    "1.004884": 8,  # births once more
    "2.000913": 6,
    "2.000992": 5,
    "1.004746": 4,
    "2.001008": 3,
    "1.005461": 2,
    "2.000927": 2,
    "2.000286": 2,
}
BODY_WEIGHTS = {"people_committee": 120, "police": 40, "social_insurance": 20, "tax": 15, "military": 5}

# How readily each is filed online, where it is offered: an original must be shown for a certified copy.
ONLINE_READINESS = {"2.000815": 0.15, "2.000884": 0.05, "2.000635": 1.5, "1.004873": 1.5, "1.001193": 1.2, "1.001612": 2.5}
POST_SHARE = 0.004
ELSEWHERE_SHARE = 0.03  # of what may be filed anywhere in the city

# Counter: parts per half hour from 8:00, no one between 12:00 and 13:00. Online: parts per hour of the day.
COUNTER_HALF_HOURS = (6, 9, 11, 11, 9, 7, 5, 3, 0, 0, 5, 8, 9, 8, 6, 4, 2, 0)
ONLINE_HOURS = (1, 0.5, 0.3, 0.2, 0.2, 0.5, 1, 2, 5, 7, 7, 6, 4, 3, 5, 6, 6, 5, 4, 5, 7, 8, 6, 3)
WEEKDAYS = (1.2, 1.05, 1.0, 0.95, 0.9, 0.0, 0.0)  # counter and post, Monday first
ONLINE_WEEKDAYS = (1.1, 1.05, 1.0, 1.0, 0.95, 0.45, 0.4)
FIRST_DAYS = (0.7, 0.85, 0.95)  # people and officers find their way

# What happens on the way, as shares.
REFUSED_ONLINE = 0.04
SUPPLEMENT_ONLINE = 0.03
SUPPLEMENT = {True: 0.006, False: 0.07}  # of same-day procedures, of the others
SUPPLEMENT_NEVER_BROUGHT = 0.25
PAYMENT_REQUESTED = {"tax": 0.25, "people_committee": 0.004}
PAYMENT_NEVER_MADE = 0.2
WITHDRAWN = 0.006
STOPPED = 0.003
RETURNED_A_STEP = 0.015
REASSIGNED = 0.01
LATE = 0.05
APOLOGY = 0.6  # of those late by days
FEE_AT_INTAKE = 0.7
RATED = 0.35
RATING_LEVELS = {5: 62, 4: 25, 3: 8, 2: 3, 1: 2}
FETCHED_LATER = 0.25  # of same-day results: not waited for
TRACKED = 0.4  # looked up once, somewhere on the way

# Seconds of work, from and to.
RECEIVE_SECONDS = (240, 600)
ANSWER_ONLINE_SECONDS = (180, 480)
ASSIGN_SECONDS = (40, 120)
PROCESS_SECONDS = {True: (180, 720), False: (900, 3600)}  # same day, others
REVIEW_SECONDS = (60, 240)
SIGN_SECONDS = (20, 60)
ISSUE_SECONDS = (40, 100)
HAND_BACK_SECONDS = (60, 180)

# Dossiers a day that one officer bears; a unit has as many as its share of the load asks for, and at least one.
LOAD_PER_DAY = {"desk": 28, "specialist": 24, "leader": 120}
