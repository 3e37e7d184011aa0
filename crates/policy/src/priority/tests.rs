//! The six regimes, each with its own test, and the exact dates of the exception.

use super::*;

const SINGLE: StatusApplicant = StatusApplicant { single: true, awaiting_family: false };
const AWAITING: StatusApplicant = StatusApplicant { single: false, awaiting_family: true };
const FAMILY: StatusApplicant = StatusApplicant { single: false, awaiting_family: false };
const REGULAR: HomeOffered = HomeOffered { shared: false, flex: false, interim: false, new_corporation: false };
const NEW: HomeOffered = HomeOffered { new_corporation: true, ..REGULAR };
const SHARED: HomeOffered = HomeOffered { shared: true, ..REGULAR };
const FLEX: HomeOffered = HomeOffered { flex: true, ..REGULAR };
const INTERIM: HomeOffered = HomeOffered { interim: true, ..REGULAR };
const EVERYBODY: [StatusApplicant; 3] = [SINGLE, AWAITING, FAMILY];
const GROUNDS: [UrgencyGround; 2] = [UrgencyGround::Medical, UrgencyGround::Renewal];

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn regime(text: &str) -> StatusRegime {
    ron::from_str(text).unwrap()
}

/// Whether `regime`, in force since 1 July 2026, lets `home` be earmarked on `today`, with a regulation.
fn earmarks(regime: &StatusRegime, today: &str, applicant: &StatusApplicant, home: HomeOffered) -> bool {
    may_earmark(regime, day("2026-07-01"), day(today), applicant, home, true)
}

#[test]
fn under_free_choice_everything_may_be_earmarked_and_nothing_must() {
    let free = regime("FreeChoice");
    for applicant in EVERYBODY {
        assert!(earmarks(&free, "2027-01-01", &applicant, REGULAR));
    }
    assert!(!must_list_as_urgent(&free, true));
    assert!(GROUNDS.iter().all(|&ground| may_hold_urgency(&free, true, ground)));
}

#[test]
fn obligatory_urgency_binds_only_municipalities_with_a_regulation() {
    let obligatory = regime("ObligatoryUrgency");
    assert!(must_list_as_urgent(&obligatory, true) && !must_list_as_urgent(&obligatory, false));
    assert!(may_earmark(&obligatory, day("2015-01-01"), day("2016-01-01"), &FAMILY, REGULAR, false));
}

#[test]
fn a_ban_with_exception_lets_singles_into_shared_homes_for_exactly_365_days() {
    let ban = regime("Banned(except: [SinglesInSharedHomes(for_days: 365)])");
    for applicant in [SINGLE, AWAITING] {
        assert!(earmarks(&ban, "2026-07-01", &applicant, SHARED), "first day");
        assert!(earmarks(&ban, "2027-06-30", &applicant, SHARED), "last day");
        assert!(!earmarks(&ban, "2027-07-01", &applicant, SHARED), "the day after");
        assert!(!earmarks(&ban, "2026-07-01", &applicant, REGULAR), "a self-contained home is never excepted");
    }
    assert!(!earmarks(&ban, "2026-07-01", &FAMILY, SHARED), "a family is never excepted");
}

#[test]
fn a_ban_without_exception_closes_existing_and_new_corporation_dwellings_to_everybody() {
    let ban = regime("Banned(except: [])");
    for applicant in EVERYBODY {
        for home in [REGULAR, NEW, SHARED] {
            assert!(!earmarks(&ban, "2026-07-01", &applicant, home));
            assert!(earmarks(&ban, "2026-06-30", &applicant, home), "the day before the ban");
        }
    }
}

#[test]
fn a_ban_is_equal_footing_and_no_urgency_on_any_ground_is_a_disadvantage() {
    let (ban, mooiman) = (regime("Banned(except: [])"), regime("NoUrgencyOnAnyGround"));
    for ground in GROUNDS {
        assert!(may_hold_urgency(&ban, true, ground));
        assert!(!may_hold_urgency(&mooiman, true, ground), "no alien with a permit, whatever the ground");
        assert!(may_hold_urgency(&mooiman, false, ground), "everybody else keeps it");
    }
    for applicant in EVERYBODY {
        assert!(!earmarks(&mooiman, "2026-07-01", &applicant, REGULAR));
        assert!(!earmarks(&mooiman, "2026-07-01", &applicant, SHARED), "no exception for singles");
        assert!(!may_earmark(&mooiman, day("2026-07-01"), day("2026-07-01"), &applicant, REGULAR, false));
    }
}

#[test]
fn a_conditional_ban_counts_its_exception_from_the_day_on_which_the_condition_was_met() {
    let ban = regime("Banned(except: [SinglesInSharedHomes(for_days: 365)])");
    let met = day("2028-03-01");
    assert!(may_earmark(&regime("FreeChoice"), day("2017-07-01"), day("2028-02-29"), &FAMILY, REGULAR, true));
    assert!(!may_earmark(&ban, met, met, &FAMILY, REGULAR, true));
    assert!(may_earmark(&ban, met, day("2029-02-28"), &SINGLE, SHARED, true));
    assert!(!may_earmark(&ban, met, day("2029-03-01"), &SINGLE, SHARED, true));
}

#[test]
fn a_ban_on_ordinances_leaves_municipalities_without_one_free() {
    let ban = regime("Banned(except: [], scope: OrdinanceOnly)");
    let (since, today) = (day("2026-07-01"), day("2027-01-01"));
    assert!(may_earmark(&ban, since, today, &FAMILY, REGULAR, false));
    assert!(!may_earmark(&ban, since, today, &FAMILY, REGULAR, true));
    assert!(!may_earmark(&regime("Banned(except: [])"), since, today, &FAMILY, REGULAR, false), "the default is all");
}

#[test]
fn a_ban_keeps_the_reservation_of_flex_homes_and_of_interim_homes_where_exempt() {
    let (consultation, bill) = (regime("Banned(except: [], dsl_exempt: false)"), regime("Banned(except: [])"));
    for applicant in EVERYBODY {
        assert!(earmarks(&consultation, "2027-01-01", &applicant, FLEX));
        assert!(!earmarks(&consultation, "2027-01-01", &applicant, INTERIM), "February 2025: no exemption");
        assert!(earmarks(&bill, "2027-01-01", &applicant, INTERIM));
        assert!(!earmarks(&bill, "2027-01-01", &applicant, REGULAR));
    }
}

#[test]
fn urgency_without_a_ground_does_not_exist() {
    assert!(!may_hold_urgency(&StatusRegime::FreeChoice, false, UrgencyGround::None));
}

#[test]
fn a_misspelt_field_of_a_regime_is_refused_and_a_regime_survives_writing_and_reading() {
    for wrong in ["Banned(exept: [])", "Banned(except: [SinglesInSharedHomes(days: 365)])", "Ban(except: [])"] {
        assert!(ron::from_str::<StatusRegime>(wrong).is_err(), "{wrong}");
    }
    let ban = StatusRegime::Banned {
        except: vec![Exception::SinglesInSharedHomes { for_days: 365 }],
        scope: BanScope::OrdinanceOnly,
        dsl_exempt: true,
    };
    assert_eq!(regime(&ron::to_string(&ban).unwrap()), ban);
}
