//! What went wrong in one attempt, and what follows: for the key, for the client, for the next attempt.
//!
//! The verdict table itself is `gempool-pool`'s; this file only carries an attempt's outcome to it.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use gempool_pool::{EgressCause, FaultCause, Policy, Retry, Verdict, classify};
use gempool_translate::UpstreamFault;
use http::StatusCode;

use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::lease::Lease;
use crate::ports::Unreachable;

/// What a client is told to wait for a model that is overloaded, where Google names no time: the first
/// pause of the pool's own back-off.
const OVERLOADED_FOR: Duration = Duration::from_secs(1);
/// The same for an address that Google refuses; such pages were seen to last for minutes (reference, 2026-11).
const EGRESS_REFUSED_FOR: Duration = Duration::from_secs(60);

/// One attempt's failure.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Gemini answered with something other than success.
    Answered { status: StatusCode, body: Bytes },
    /// No connection, or it broke.
    Unreachable(Unreachable),
    /// A wait ended.
    Late {
        waited_for: &'static str,
        waited: Duration,
    },
    /// A success that could not be understood.
    Broken(UpstreamFault),
    /// An answer larger than the gateway holds.
    TooLarge { limit_bytes: usize },
    /// An answer in an encoding that was not asked for.
    Encoded,
}

impl Fault {
    /// Whether Gemini says that a thought signature in the request is missing, foreign or damaged
    /// (§3.8; wordings recorded up to November 2026).
    pub(crate) fn refuses_signatures(&self) -> bool {
        match self {
            Self::Answered { status, body } if *status == StatusCode::BAD_REQUEST => {
                let text = String::from_utf8_lossy(body).to_ascii_lowercase();
                ["thought signature", "thought_signature", "thoughtsignature"]
                    .iter()
                    .any(|wording| text.contains(wording))
            }
            _ => false,
        }
    }

    /// For logs; upstream text must be scrubbed by the caller.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Answered { status, .. } => format!("Gemini answered {status}"),
            Self::Unreachable(unreachable) => unreachable.to_string(),
            Self::Late { waited_for, waited } => {
                format!("no {waited_for} within {} ms", waited.as_millis())
            }
            Self::Broken(fault) => fault.to_string(),
            Self::TooLarge { limit_bytes } => format!("answer larger than {limit_bytes} bytes"),
            Self::Encoded => "answer in an encoding that was not asked for".to_owned(),
        }
    }
}

/// The failure that `fault` is to a client, where no key is to blame or to be settled.
pub(crate) fn failure_of(gateway: &Gateway, fault: &Fault) -> Failure {
    judge(gateway, fault).failure
}

/// What follows from a fault.
pub(crate) struct Judgement {
    /// For the key.
    pub(crate) verdict: Verdict,
    /// For the client, if no other attempt helps.
    pub(crate) failure: Failure,
    /// Whether another attempt may help.
    pub(crate) retry: Retry,
}

/// Judges `fault` and settles the lease with the verdict; operators get a line. Failures with `Retry-After` get the time at which this one said to come back; the
/// caller replaces it by what the whole pool knows.
pub(crate) fn settle(lease: Lease, fault: &Fault) -> Judgement {
    let gateway = Rc::clone(lease.gateway());
    let judgement = judge(&gateway, fault);
    let line = format!(
        "key {} for {}: {} ({:?})",
        lease.key().masked(),
        lease.model(),
        fault.describe(),
        judgement.verdict
    );
    gateway.host.warn(&gateway.scrubbed(&line));
    lease.settle(&judgement.verdict);
    judgement
}

fn judge(gateway: &Gateway, fault: &Fault) -> Judgement {
    match fault {
        Fault::Answered { status, body } => answered(gateway, *status, body),
        Fault::Unreachable(_) => judgement(Verdict::Network, Failure::Unreachable),
        Fault::Late { waited_for, waited } => Judgement {
            verdict: Verdict::Network,
            failure: Failure::TimedOut {
                waited_for,
                waited: *waited,
            },
            // Another attempt would double a wait that the client already found long.
            retry: Retry::No,
        },
        Fault::TooLarge { limit_bytes } => judgement(
            Verdict::Client,
            Failure::Broken {
                problem: format!("Gemini's answer is larger than {limit_bytes} bytes"),
                code: "upstream_too_large".to_owned(),
            },
        ),
        Fault::Encoded => judgement(
            Verdict::Client,
            Failure::Broken {
                problem: "Gemini's answer is compressed although it was not asked to be".to_owned(),
                code: "upstream_malformed".to_owned(),
            },
        ),
        Fault::Broken(UpstreamFault::Reported { status, raw, .. }) => {
            let status = status
                .and_then(|status| StatusCode::from_u16(status).ok())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            answered(gateway, status, raw)
        }
        Fault::Broken(fault) => broken(gateway, fault),
    }
}

fn judgement(verdict: Verdict, failure: Failure) -> Judgement {
    let retry = verdict.retry();
    Judgement {
        verdict,
        failure,
        retry,
    }
}

fn broken(gateway: &Gateway, fault: &UpstreamFault) -> Judgement {
    if fault.is_refusal() {
        let refused = Failure::Refused {
            status: StatusCode::BAD_REQUEST,
            code: Some("content_policy_violation"),
            message: gateway.scrubbed(&fault.to_string()),
        };
        return judgement(Verdict::Client, refused);
    }
    let code = match fault {
        UpstreamFault::Truncated => "upstream_truncated",
        UpstreamFault::EventTooLarge => "upstream_too_large",
        UpstreamFault::Empty => "upstream_empty",
        UpstreamFault::Unusable { reason, .. } => reason,
        UpstreamFault::Malformed | UpstreamFault::Reported { .. } => "upstream_malformed",
    };
    let verdict = match fault {
        UpstreamFault::EventTooLarge => Verdict::Client,
        // No key would make it another answer.
        fault if fault.is_lasting() => Verdict::Client,
        _ => Verdict::Empty,
    };
    judgement(
        verdict,
        Failure::Broken {
            problem: gateway.scrubbed(&fault.to_string()),
            code: code.to_owned(),
        },
    )
}

fn answered(gateway: &Gateway, status: StatusCode, body: &[u8]) -> Judgement {
    let now = gateway.host.now();
    let classified = classify(status.as_u16(), body, now, &Policy::default());
    let message = match gateway.scrubbed(&classified.message) {
        // A redirect, a bare status, a page: nothing that could be told further.
        message if message.is_empty() => format!("Gemini answered with status {}", status.as_u16()),
        message => message,
    };
    let failure = match &classified.verdict {
        Verdict::Cool { until, cause, .. } | Verdict::ModelUnavailable { until, cause } => {
            Failure::Cooling {
                cause: *cause,
                retry_after: gateway.wait_until(*until),
            }
        }
        Verdict::Dead { .. } => Failure::NoUsableKey,
        Verdict::ModelFault { cause } => match cause {
            FaultCause::Overloaded => Failure::Overloaded {
                message,
                retry_after: classified.retry_after.unwrap_or(OVERLOADED_FOR),
            },
            FaultCause::Deadline => Failure::Deadline { message },
            FaultCause::Unreachable | FaultCause::Internal => Failure::Upstream { message },
        },
        Verdict::Egress { cause } => match cause {
            EgressCause::Location => Failure::Location { message },
            EgressCause::SorryPage => Failure::EgressRefused {
                retry_after: EGRESS_REFUSED_FOR,
            },
        },
        Verdict::Client | Verdict::Forbidden | Verdict::Foreign | Verdict::PassOver
            if status.is_client_error() =>
        {
            Failure::Refused {
                status,
                code: client_code(status, &message),
                message,
            }
        }
        Verdict::Success
        | Verdict::Empty
        | Verdict::Forbidden
        | Verdict::Foreign
        | Verdict::PassOver
        | Verdict::Client
        | Verdict::GatewayFault
        | Verdict::Network
        | Verdict::Canceled => Failure::Upstream { message },
    };
    judgement(classified.verdict, failure)
}

/// OpenAI's code for a refusal, where its SDKs or tools look for one.
fn client_code(status: StatusCode, message: &str) -> Option<&'static str> {
    if message.contains("exceeds the maximum number of tokens") {
        return Some("context_length_exceeded");
    }
    match status {
        StatusCode::NOT_FOUND => Some("model_not_found"),
        StatusCode::PAYLOAD_TOO_LARGE => Some("request_too_large"),
        _ => None,
    }
}
