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
        let question = Question {
            model: wish.model,
            tried: wish.tried,
            paid_only: wish.paid_only,
            egresses: Some(egresses),
            projects: &self.projects,
            now,
        };
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
