//! What went wrong in one attempt, and what follows: for the key, for the client, for the next attempt.
//!
//! The verdict table itself is `gempool-pool`'s; this file only carries an attempt's outcome to it.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use gempool_pool::{
    ApiKey, EgressCause, FaultCause, Lessons, Retry, Verdict, WaitCause, classify, network_verdict,
};
use gempool_translate::UpstreamFault;
use http::StatusCode;

use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::lease::Lease;
use crate::pool_runtime::PoolRuntime;
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
    /// The key's way to Gemini is not one of this deployment's.
    NoEgress,
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
            Self::NoEgress => "no such egress".to_owned(),
        }
    }
}

/// What follows from a fault.
pub(crate) struct Judgement {
    /// For the client, if no other attempt helps.
    pub(crate) failure: Failure,
    /// Whether another attempt may help.
    pub(crate) retry: Retry,
}

/// The failure that `fault` is to a client, where no key is to blame or to be settled.
pub(crate) fn failure_of(gateway: &Gateway, pool: &PoolRuntime, fault: &Fault) -> Failure {
    let judge = Judge {
        gateway,
        pool,
        used: None,
        is_clients_own: false,
    };
    judge.fault(fault).failure
}

/// Judges `fault` and settles the lease with the verdict; operators get a line. Failures with `Retry-After` get the
/// time at which this one said to come back; the caller replaces it by what the whole pool knows.
pub(crate) fn settle(lease: Lease, fault: &Fault) -> Judgement {
    let gateway = Rc::clone(lease.gateway());
    let judge = Judge {
        gateway: &gateway,
        pool: lease.pool(),
        is_clients_own: lease.client().uses_own_key(),
        used: Some(lease.key()),
    };
    let judged = judge.fault(fault);
    let verdict = judged.verdict;
    let line = format!(
        "key {} for {}: {} ({verdict:?})",
        lease.key().masked(),
        lease.model(),
        fault.describe(),
    );
    gateway.host.warn(&judge.scrubbed(&line));
    let (pool, id, model) = (
        Rc::clone(lease.pool()),
        lease.id(),
        lease.model().to_owned(),
    );
    if matches!(fault, Fault::Unreachable(_)) {
        let (now, random) = (gateway.host.now(), gateway.host.next_u64());
        let mut egresses = gateway.egresses.borrow_mut();
        egresses.note_broken(lease.egress(), now, random);
    }
    lease.settle(&verdict);
    let now = gateway.host.now();
    let mut keys = pool.keys.borrow_mut();
    keys.learn(id, &model, &judged.lessons, now);
    let egresses = gateway.egresses.borrow();
    Judgement {
        retry: judged
            .retry
            .unwrap_or_else(|| egresses.retry(&verdict, now)),
        failure: judged.failure,
    }
}

/// What was made of a fault.
struct Judged {
    /// For the key.
    verdict: Verdict,
    failure: Failure,
    /// Where it does not follow from the verdict.
    retry: Option<Retry>,
    lessons: Lessons,
}

impl Judged {
    fn new(verdict: Verdict, failure: Failure) -> Self {
        Self {
            verdict,
            failure,
            retry: None,
            lessons: Lessons::default(),
        }
    }
}

/// Judges faults of one pool's keys.
struct Judge<'a> {
    gateway: &'a Gateway,
    pool: &'a PoolRuntime,
    used: Option<&'a ApiKey>,
    /// Whether the client brought the key.
    is_clients_own: bool,
}

impl Judge<'_> {
    fn scrubbed(&self, text: &str) -> String {
        self.gateway.scrubbed(text, self.pool, self.used)
    }

    fn fault(&self, fault: &Fault) -> Judged {
        let broken = |problem: String, code: &str| Failure::Broken {
            problem,
            code: code.to_owned(),
        };
        match fault {
            Fault::Answered { status, body } => self.answered(*status, body),
            Fault::Unreachable(_) => {
                let profile = self.pool.facts().policy.profile;
                let verdict = network_verdict(profile, self.gateway.host.now());
                Judged::new(verdict, Failure::Unreachable)
            }
            Fault::Late { waited_for, waited } => Judged {
                // Another attempt would double a wait that the client already found long.
                retry: Some(Retry::No),
                ..Judged::new(
                    Verdict::Network,
                    Failure::TimedOut {
                        waited_for,
                        waited: *waited,
                    },
                )
            },
            Fault::TooLarge { limit_bytes } => Judged::new(
                Verdict::Client,
                broken(
                    format!("Gemini's answer is larger than {limit_bytes} bytes"),
                    "upstream_too_large",
                ),
            ),
            Fault::Encoded => Judged::new(
                Verdict::Client,
                broken(
                    "Gemini's answer is compressed although it was not asked to be".to_owned(),
                    "upstream_malformed",
                ),
            ),
            Fault::NoEgress => Judged::new(Verdict::GatewayFault, Failure::Unreachable),
            Fault::Broken(UpstreamFault::Reported { status, raw, .. }) => {
                let status = status
                    .and_then(|status| StatusCode::from_u16(status).ok())
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                self.answered(status, raw)
            }
            Fault::Broken(fault) => self.broken(fault),
        }
    }

    fn broken(&self, fault: &UpstreamFault) -> Judged {
        if fault.is_refusal() {
            let refused = Failure::Refused {
                status: StatusCode::BAD_REQUEST,
                code: Some("content_policy_violation"),
                message: self.scrubbed(&fault.to_string()),
            };
            return Judged::new(Verdict::Client, refused);
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
        Judged::new(
            verdict,
            Failure::Broken {
                problem: self.scrubbed(&fault.to_string()),
                code: code.to_owned(),
            },
        )
    }

    fn answered(&self, status: StatusCode, body: &[u8]) -> Judged {
        let now = self.gateway.host.now();
        let facts = self.pool.facts();
        let classified = classify(status.as_u16(), body, now, &facts.policy);
        let message = match self.scrubbed(&classified.message) {
            // A redirect, a bare status, a page: nothing that could be told further.
            message if message.is_empty() => {
                format!("Gemini answered with status {}", status.as_u16())
            }
            message => message,
        };
        let failure = match &classified.verdict {
            Verdict::Cool { until, cause, .. } | Verdict::ModelUnavailable { until, cause } => {
                Failure::Cooling {
                    cause: WaitCause::Cooling(*cause),
                    retry_after: self.gateway.wait_until(*until),
                }
            }
            // Its owner is the client, who must hear what Google says of it.
            Verdict::Dead { .. } if self.is_clients_own => Failure::Refused {
                status,
                code: None,
                message,
            },
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
        Judged {
            lessons: classified.lessons,
            ..Judged::new(classified.verdict, failure)
        }
    }
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
