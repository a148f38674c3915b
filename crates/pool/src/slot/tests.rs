//! One test per transition of a key's state.

use super::*;
use crate::cooling::Availability;
use crate::key_list::KeySpec;
use crate::verdict::{EgressCause, FaultCause};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const MODEL: &str = "gemini-2.5-flash";

fn entry() -> Slot {
    Slot::new(KeySpec::from(ApiKey::new("AIza-state").unwrap()).into(), 0)
}

fn availability(slot: &Slot, model: &str, now: UnixMillis) -> Option<Availability> {
    match &slot.state {
        KeyState::Alive(coolings) => Some(coolings.availability(model, now)),
        KeyState::Dead(_) => None,
    }
}

fn is_usable(slot: &Slot, model: &str, now: UnixMillis) -> bool {
    matches!(
        availability(slot, model, now),
        Some(Availability::Ready | Availability::Probe)
    )
}

fn after(seconds: u64) -> UnixMillis {
    NOW.saturating_add(Duration::from_secs(seconds))
}

#[test]
fn a_verdict_of_death_ends_the_use_of_a_key_for_good() {
    for cause in [
        DeathCause::Invalid,
        DeathCause::NotFound,
        DeathCause::Rejected,
        DeathCause::Leaked,
        DeathCause::Suspended,
        DeathCause::ProjectDenied,
    ] {
        let mut entry = entry();
        entry.apply(&MODEL.into(), &Verdict::Dead { cause }, NOW, 0);
        entry.apply(&MODEL.into(), &Verdict::Success, NOW, 0);
        assert!(matches!(entry.state, KeyState::Dead(found) if found == cause));
        assert!(!is_usable(&entry, "any", after(1_000_000)));
    }
}

#[test]
fn an_expired_key_dies_when_it_is_called_expired_again_after_some_minutes() {
    let expired = Verdict::Dead {
        cause: DeathCause::Expired,
    };
    let mut entry = entry();
    entry.apply(&MODEL.into(), &expired, NOW, 0);
    entry.apply(&MODEL.into(), &expired, after(1), 0);
    assert!(
        matches!(entry.state, KeyState::Alive(_)),
        "answers of one wave are one report"
    );
    assert!(!is_usable(&entry, "any", after(300)));

    assert!(is_usable(&entry, MODEL, after(302)));
    entry.apply(&MODEL.into(), &expired, after(302), 0);
    assert!(matches!(entry.state, KeyState::Dead(DeathCause::Expired)));
}

#[test]
fn a_fresh_key_that_was_called_expired_works_after_some_minutes() {
    let expired = Verdict::Dead {
        cause: DeathCause::Expired,
    };
    let mut entry = entry();
    entry.apply(&MODEL.into(), &expired, NOW, 0);
    entry.apply(&MODEL.into(), &Verdict::Success, after(301), 0);
    assert_eq!(
        availability(&entry, "any", after(301)),
        Some(Availability::Ready)
    );
    entry.apply(&MODEL.into(), &expired, after(302), 0);
    assert!(
        matches!(entry.state, KeyState::Alive(_)),
        "the first report was refuted"
    );
}

#[test]
fn a_model_the_key_may_not_use_leaves_it_the_others() {
    let mut entry = entry();
    let cause = CoolingCause::NoQuotaForModel;
    entry.apply(
        &MODEL.into(),
        &Verdict::ModelUnavailable {
            until: after(86_400),
            cause,
        },
        NOW,
        0,
    );
    assert!(!is_usable(&entry, MODEL, after(86_000)));
    assert_eq!(
        availability(&entry, "other", NOW),
        Some(Availability::Ready)
    );
}

#[test]
fn verdicts_about_others_leave_a_ready_key_ready_and_end_a_trial() {
    for verdict in [
        Verdict::ModelFault {
            cause: FaultCause::Overloaded,
        },
        Verdict::ModelFault {
            cause: FaultCause::Internal,
        },
        Verdict::Egress {
            cause: EgressCause::Location,
        },
        Verdict::Forbidden,
        Verdict::Client,
        Verdict::GatewayFault,
        Verdict::Network,
        Verdict::Canceled,
    ] {
        let mut entry = entry();
        entry.apply(&MODEL.into(), &verdict, NOW, 0);
        assert_eq!(
            availability(&entry, MODEL, NOW),
            Some(Availability::Ready),
            "{verdict:?}"
        );

        let cool = Verdict::Cool {
            scope: Scope::Model,
            until: after(10),
            cause: CoolingCause::RateLimited,
        };
        entry.apply(&MODEL.into(), &cool, NOW, 0);
        entry.start_probe(MODEL, after(20));
        assert!(!is_usable(&entry, MODEL, after(20)));
        entry.apply(&MODEL.into(), &verdict, after(21), 0);
        assert_eq!(
            availability(&entry, MODEL, after(21)),
            Some(Availability::Probe),
            "{verdict:?}"
        );
    }
}

#[test]
fn a_success_or_an_empty_answer_ends_what_was_held_against_a_key() {
    for verdict in [Verdict::Success, Verdict::Empty] {
        let mut entry = entry();
        let cool = Verdict::Cool {
            scope: Scope::Key,
            until: after(10),
            cause: CoolingCause::CreditsDepleted,
        };
        entry.apply(&MODEL.into(), &cool, NOW, 0);
        entry.apply(&MODEL.into(), &verdict, after(20), 0);
        assert_eq!(
            availability(&entry, "other", after(20)),
            Some(Availability::Ready)
        );
    }
}
