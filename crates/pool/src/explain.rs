//! Why a key would be chosen for a request, or would not: for people.
//!
//! It changes nothing and chooses nothing: whose turn it is among the ready is the only thing it does not tell.

use serde::Serialize;

use crate::egress::Egresses;
use crate::key_id::KeyId;
use crate::page::Loaded;
use crate::pool::Pool;
use crate::slot::Slot;
use crate::standing::{Question, Standing};
use crate::time::UnixMillis;
use crate::verdict::DeathCause;
use crate::wait::WaitCause;
use crate::wish::Wish;

/// Most keys explained at once. For a certain one, ask for it alone ([`Wish::only`]).
pub const MAX_EXPLAINED: usize = 100;

/// One key, and how it stands for a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// Which key.
    pub id: KeyId,
    /// What may be shown of it.
    pub key: String,
    /// How it stands.
    #[serde(flatten)]
    pub why: Why,
}

/// How a key stands for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Why {
    /// It may be chosen when it is its turn.
    Ready,
    /// It may be chosen, for one trial request after a cooling.
    Probe,
    /// The request has tried it.
    Tried,
    /// Not before then.
    Waiting {
        /// When it returns.
        until: UnixMillis,
        /// Why it waits.
        cause: WaitCause,
    },
    /// The request asks for a key that is known to be paid for, and this one is not.
    NotPaid,
    /// Somebody has to act.
    Dead {
        /// Why.
        cause: DeathCause,
    },
    /// An admin took it out of service.
    Disabled,
    /// Its page is not loaded.
    Unknown,
}

impl Pool {
    /// How the loaded keys stand for this request, at most [`MAX_EXPLAINED`]; with [`Wish::only`], how this key does.
    pub fn explain(
        &mut self,
        wish: &Wish<'_>,
        egresses: &Egresses,
        now: UnixMillis,
    ) -> Vec<Explained> {
        let mut explained = Vec::new();
        let ids: Vec<KeyId> = match wish.only {
            Some(id) => vec![id],
            None => {
                let loaded = self.pages.iter().filter_map(|page| page.loaded.as_ref());
                let slots = loaded.flat_map(Loaded::in_order);
                slots.map(|slot| slot.id).take(MAX_EXPLAINED).collect()
            }
        };
        for id in ids {
            let Some(slot) = self.slot(id) else {
                if !self.is_loaded(id.page(self.bits)) {
                    explained.push(Explained {
                        id,
                        key: String::new(),
                        why: Why::Unknown,
                    });
                }
                continue;
            };
            let key = slot.key.masked();
            let subject = slot.subject;
            let mut why = self.why(slot, wish, egresses, now);
            if let Why::Ready | Why::Probe = why
                && let Err(full) = self.quotas.may(subject, wish.model, wish.tokens, now)
            {
                why = Why::Waiting {
                    until: full.until,
                    cause: WaitCause::Quota(full.which),
                };
            }
            explained.push(Explained { id, key, why });
        }
        explained
    }

    fn why(&self, slot: &Slot, wish: &Wish<'_>, egresses: &Egresses, now: UnixMillis) -> Why {
        let question = Question::new(wish, egresses, &self.projects, now);
        match question.of(slot) {
            Standing::Ready => Why::Ready,
            Standing::Probe => Why::Probe,
            Standing::Tried => Why::Tried,
            Standing::Waiting(until, cause) => Why::Waiting { until, cause },
            Standing::NotPaid => Why::NotPaid,
            Standing::Dead(cause) => Why::Dead { cause },
            Standing::Disabled => Why::Disabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::Policy;
    use crate::rig::{INVALID, MODEL, NOW, Stored, after, id, rate_limited, records};

    #[test]
    fn tells_of_each_key_why_it_may_serve_or_not() {
        let mut all = records(8);
        all[0].disabled = true;
        let mut rig = Stored::new(0, all).loaded(Policy::default());
        rig.report(id("k1"), &INVALID, NOW);
        rig.report(id("k2"), &rate_limited(after(60)), NOW);
        for key in ["k3", "k4"] {
            rig.report(id(key), &rate_limited(UnixMillis(NOW.0 - 1)), NOW);
        }
        let others = ["k4", "k5", "k6", "k7"].map(id);
        assert!(rig.try_for(MODEL, &others, NOW, 0).unwrap().probe);
        let tried = [id("k5")];
        let wish = Wish {
            model: MODEL,
            tried: &tried,
            ..Wish::default()
        };
        let explained = rig.pool.explain(&wish, &rig.egresses, NOW);
        let states: Vec<_> = explained
            .iter()
            .map(|key| serde_json::to_value(key.why).unwrap())
            .collect();
        assert_eq!(
            states,
            [
                json!({"state": "disabled"}),
                json!({"state": "dead", "cause": "invalid"}),
                json!({"state": "waiting", "until": after(60).0, "cause": "rate-limited"}),
                json!({"state": "waiting", "until": after(60).0, "cause": "probe"}),
                json!({"state": "probe"}),
                json!({"state": "tried"}),
                json!({"state": "ready"}),
                json!({"state": "ready"}),
            ]
        );
        let paid = Wish {
            paid_only: true,
            only: Some(id("k6")),
            ..wish
        };
        let explained = rig.pool.explain(&paid, &rig.egresses, NOW);
        assert_eq!(explained[0].why, Why::NotPaid);
    }

    #[test]
    fn is_bounded_shows_masks_only_and_says_what_it_does_not_know() {
        let stored = Stored::new(1, records(300));
        let mut rig = stored.rig(Policy::default());
        let wish = Wish {
            model: MODEL,
            only: Some(id("k9")),
            ..Wish::default()
        };
        let explained = rig.pool.explain(&wish, &rig.egresses, NOW);
        assert_eq!(explained[0].why, Why::Unknown);
        for page in 0..2 {
            stored.load(&mut rig.pool, page, "v1");
        }
        let all = Wish { only: None, ..wish };
        let explained = rig.pool.explain(&all, &rig.egresses, NOW);
        assert_eq!(explained.len(), MAX_EXPLAINED);
        assert!(
            explained
                .iter()
                .all(|key| key.key == "k..." || key.key == "...")
        );
    }
}
