//! From an upstream error's status and body to a [`Verdict`].
//!
//! The rules are an admin's (`rules.rs`) and then those of `verdict_table.rs`; here a 429 gets its length. Marking keys is `slot.rs`, and what the client
//! hears is the caller's choice.

use std::fmt;
use std::time::Duration;

use crate::cooling::MAX_COOLING;
use crate::google_error::GoogleError;
use crate::lessons::Lessons;
use crate::pacific::next_midnight;
use crate::policy::Policy;
use crate::quota_failure::{Quota, QuotaWindow, decisive_quota};
use crate::rules::verdict_by_rule;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, EgressCause, Scope, Verdict};
use crate::verdict_table::{Ruling, ruling_on};

/// How much of a body is read. The longest of some sixty recorded has 2.7 KiB; Google repeats texts up to three times.
pub const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;

/// Longest [`Classified::message`]. The longest of some sixty recorded has 0.8 KiB.
pub const MAX_ERROR_MESSAGE_BYTES: usize = 4 * 1024;

/// Cooling after a minute quota without a hint: a minute, and some for clocks that differ.
const MINUTE_WITHOUT_HINT: Duration = Duration::from_secs(65);

/// Shortest cooling: Google writes "0s" when less than a second is left.
const SHORTEST: Duration = Duration::from_secs(1);

/// First cooling after a 429 without any detail; it doubles while it repeats.
const UNEXPLAINED: Duration = Duration::from_secs(30);

/// Cooling of a model for which a project has no quota: only an upgrade of the project changes that.
const NO_QUOTA: Duration = Duration::from_hours(24);

/// When a client may come again after the "Sorry" page, which shows for a minute or more.
const SORRY_WAIT: Duration = Duration::from_mins(1);

/// An upstream error, understood.
#[derive(Clone)]
pub struct Classified {
    /// What it means.
    pub verdict: Verdict,
    /// The HTTP status, or for an error inside a successful stream the one in its body.
    pub status: u16,
    /// Name of Google's gRPC status, as `RESOURCE_EXHAUSTED`.
    pub google_status: Option<String>,
    /// Google's text, as it came, at most [`MAX_ERROR_MESSAGE_BYTES`]; empty if there is none. It may contain keys
    /// and project numbers: the caller scrubs it before anybody sees it.
    pub message: String,
    /// When the same request may be sent again with the same key, if the error tells.
    pub retry_after: Option<Duration>,
    /// The exceeded quota, of a 429 that names one.
    pub quota: Option<Quota>,
    /// What it tells about the key's project. Not for clients.
    pub lessons: Lessons,
}

impl fmt::Debug for Classified {
    /// Leaves the message out, because it may contain a key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Classified")
            .field("verdict", &self.verdict)
            .field("status", &self.status)
            .field("google_status", &self.google_status)
            .field("retry_after", &self.retry_after)
            .field("quota", &self.quota)
            .finish_non_exhaustive()
    }
}

/// Understands an error answer: a status that is not 2xx, or an error object inside a stream (its `code` then counts
/// instead of the stream's 200). A 2xx without an error object is a success.
///
/// Bodies may be objects, arrays around them, web pages, cut off or empty; beyond [`MAX_ERROR_BODY_BYTES`] they are
/// not read.
///
/// The policy's rules are asked first, then the table of its profile.
#[must_use]
pub fn classify(status: u16, body: &[u8], now: UnixMillis, policy: &Policy) -> Classified {
    let body = body.get(..MAX_ERROR_BODY_BYTES).unwrap_or(body);
    let parsed = GoogleError::parse(body);
    let page = if parsed.is_none() {
        web_page(body)
    } else {
        None
    };
    let is_error = parsed.is_some();
    let error = parsed.unwrap_or_default();
    let status = match error.code {
        Some(code) if is_success(status) => code,
        _ => status,
    };
    let quota = if status == 429 {
        decisive_quota(&error)
    } else {
        None
    };
    let (verdict, retry_after) = if is_success(status) && !is_error {
        (Verdict::Success, None)
    } else if let Some(verdict) = verdict_by_rule(&policy.rules, status, &error, now) {
        let retry_after = match verdict {
            Verdict::Cool { until, .. } => Some(until.saturating_since(now)),
            _ => None,
        };
        (verdict, retry_after)
    } else {
        let ruling = ruling_on(policy.profile, status, &error, page.as_deref());
        decide(ruling, &error, quota.as_ref(), now)
    };
    let lessons = Lessons::of(&error);
    Classified {
        verdict,
        status,
        google_status: error.status,
        message: cut(error.message),
        retry_after,
        quota,
        lessons,
    }
}

/// The verdict, and when to come again.
fn decide(
    ruling: &Ruling,
    error: &GoogleError,
    quota: Option<&Quota>,
    now: UnixMillis,
) -> (Verdict, Option<Duration>) {
    let cool = |scope: Scope, length: Duration, cause: CoolingCause| {
        (
            Verdict::Cool {
                scope,
                until: now.saturating_add(length),
                cause,
            },
            Some(length),
        )
    };
    let unavailable = |length: Duration, cause: CoolingCause| {
        (
            Verdict::ModelUnavailable {
                until: now.saturating_add(length),
                cause,
            },
            None,
        )
    };
    let hint = error
        .retry_delay
        .map(|delay| delay.clamp(SHORTEST, MAX_COOLING));
    match *ruling {
        Ruling::Cool(scope, length, cause) => cool(scope, length, cause),
        Ruling::ModelUnavailable(length, cause) => unavailable(length, cause),
        Ruling::Quota => match (quota.map(|quota| quota.window), hint) {
            (Some(QuotaWindow::Zero), _) => unavailable(NO_QUOTA, CoolingCause::NoQuotaForModel),
            // The hint is seconds even when the day's quota is used up, so it is not looked at.
            (Some(QuotaWindow::Day), _) => cool(
                Scope::Model,
                next_midnight(now).saturating_since(now),
                CoolingCause::DayQuota,
            ),
            (Some(QuotaWindow::Minute), hint) => cool(
                Scope::Model,
                hint.unwrap_or(MINUTE_WITHOUT_HINT),
                CoolingCause::MinuteQuota,
            ),
            (Some(QuotaWindow::Other) | None, Some(hint)) => {
                cool(Scope::Model, hint, CoolingCause::RateLimited)
            }
            (Some(QuotaWindow::Other) | None, None) => {
                cool(Scope::Model, UNEXPLAINED, CoolingCause::Unexplained)
            }
        },
        Ruling::Egress(cause) => {
            let wait = match cause {
                EgressCause::SorryPage => Some(SORRY_WAIT),
                EgressCause::Location => None,
            };
            (Verdict::Egress { cause }, wait)
        }
        Ruling::Fault(cause) => (Verdict::ModelFault { cause }, hint),
        Ruling::Dead(cause) => (Verdict::Dead { cause }, None),
        Ruling::Forbidden => (Verdict::Forbidden, None),
        Ruling::Foreign => (Verdict::Foreign, None),
        Ruling::Client => (Verdict::Client, None),
        Ruling::GatewayFault => (Verdict::GatewayFault, None),
        Ruling::Canceled => (Verdict::Canceled, None),
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// The body in lower case, if it is a web page.
fn web_page(body: &[u8]) -> Option<String> {
    let body = body.trim_ascii_start();
    body.starts_with(b"<")
        .then(|| String::from_utf8_lossy(body).to_ascii_lowercase())
}

fn cut(mut message: String) -> String {
    message.truncate(message.floor_char_boundary(MAX_ERROR_MESSAGE_BYTES));
    message
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
