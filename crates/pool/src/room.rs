//! Whether the key whose turn it is has room for a request in its quotas, and a way out.
//!
//! Asked only of keys that are about to go, because asking all of a page would cost more than choosing. What is counted
//! is `quota_book.rs`.

use crate::egress::{EgressIndex, Egresses};
use crate::page::{Loaded, Pick, Survey};
use crate::quota_book::QuotaBook;
use crate::standing::Standing;
use crate::time::UnixMillis;
use crate::wait::WaitCause;
use crate::wish::Wish;

/// So many keys in a row may turn out to have used up a quota before all of their page are asked at once.
const QUOTAS_ASKED_SINGLY: usize = 4;

/// Whether keys have room for a request.
pub(crate) struct Room<'a> {
    pub(crate) quotas: &'a mut QuotaBook,
    pub(crate) egresses: &'a Egresses,
    pub(crate) wish: &'a Wish<'a>,
    pub(crate) now: UnixMillis,
}

impl Room<'_> {
    /// Picks keys until one has room and a way out. Those that have not are marked as waiting.
    pub(crate) fn pick(
        self,
        loaded: &mut Loaded,
        standings: &mut [Standing],
        survey: &mut Survey,
        pick: Pick,
    ) -> Option<(usize, EgressIndex)> {
        let Self {
            quotas,
            egresses,
            wish,
            now,
        } = self;
        let mut full = 0;
        loop {
            let at = loaded.pick(wish.model, standings, pick)?;
            let slot = loaded.slots.get(at)?;
            let egress = egresses.of(slot.egress.as_deref(), slot.id, now);
            let room = quotas.may(slot.subject, wish.model, wish.tokens, now);
            let (until, cause) = match (room, egress) {
                (Ok(()), Some(egress)) => return Some((at, egress)),
                (Ok(()), None) => (now, WaitCause::Egress),
                (Err(full), _) => (full.until, WaitCause::Quota(full.which)),
            };
            survey.note_wait(until, cause);
            *standings.get_mut(at)? = Standing::Waiting(until, cause);
            full += 1;
            if full == QUOTAS_ASKED_SINGLY {
                for (slot, standing) in loaded.slots.iter().zip(&mut *standings) {
                    if !matches!(standing, Standing::Ready | Standing::Probe) {
                        continue;
                    }
                    if let Err(full) = quotas.may(slot.subject, wish.model, wish.tokens, now) {
                        let cause = WaitCause::Quota(full.which);
                        survey.note_wait(full.until, cause);
                        *standing = Standing::Waiting(full.until, cause);
                    }
                }
            }
        }
    }
}

/// Whether a key that has no room for this request has room for the smallest one.
pub(crate) fn room_for_less(
    quotas: &mut QuotaBook,
    loaded: &Loaded,
    standings: &[Standing],
    wish: &Wish<'_>,
    now: UnixMillis,
) -> bool {
    wish.tokens > 0
        && loaded.slots.iter().zip(standings).any(|(slot, standing)| {
            matches!(standing, Standing::Waiting(_, WaitCause::Quota(_)))
                && quotas.may(slot.subject, wish.model, 0, now).is_ok()
        })
}
