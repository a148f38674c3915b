//! What the upstream says, in the shape of Gemini's own bodies of November 2026.

use crate::random::Random;

/// The end of every whole answer: who shows it has not lost anything.
pub(crate) const LAST_WORD: &str = "last-word";

/// Events of a stream.
const EVENTS: u64 = 4;

/// One piece of a body.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Bytes(Vec<u8>),
    /// Silence, in milliseconds.
    Wait(u64),
    /// The connection breaks.
    Reset,
}

/// An answer to come.
#[derive(Clone, Debug)]
pub(super) struct Scripted {
    pub(super) status: u16,
    pub(super) body: Vec<Piece>,
}

/// Why a key is refused for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    Invalid,
    Expired,
    Leaked,
    Denied,
}

impl Death {
    pub(crate) const ALL: [Self; 4] = [Self::Invalid, Self::Expired, Self::Leaked, Self::Denied];
}

impl Scripted {
    fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body: vec![Piece::Bytes(body.into_bytes())],
        }
    }

    /// Loses its end: it breaks off, or ends as if it were whole.
    pub(super) fn cut(&mut self, random: &Random) {
        let kept = random.index(self.body.len());
        self.body.truncate(kept);
        if random.below(2) == 0 {
            self.body.push(Piece::Reset);
        }
    }
}

fn error(code: u16, status: &str, message: &str, details: &str) -> Scripted {
    let details = if details.is_empty() {
        String::new()
    } else {
        format!(r#","details":[{details}]"#)
    };
    Scripted::new(
        code,
        format!(
            r#"{{"error":{{"code":{code},"message":"{message}","status":"{status}"{details}}}}}"#
        ),
    )
}

fn reason(reason: &str) -> String {
    format!(
        r#"{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}","domain":"googleapis.com"}}"#
    )
}

pub(super) fn dead(death: Death) -> Scripted {
    let invalid = reason("API_KEY_INVALID");
    match death {
        Death::Invalid => error(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            &invalid,
        ),
        Death::Expired => error(
            400,
            "INVALID_ARGUMENT",
            "API key expired. Please renew the API key.",
            &invalid,
        ),
        Death::Leaked => error(
            403,
            "PERMISSION_DENIED",
            "Your API key was reported as leaked. Please use another API key.",
            "",
        ),
        Death::Denied => error(
            403,
            "PERMISSION_DENIED",
            "Your project has been denied access. Please contact support.",
            "",
        ),
    }
}

pub(super) fn client_fault() -> Scripted {
    let message = "Request contains an invalid argument.";
    error(400, "INVALID_ARGUMENT", message, "")
}

pub(super) fn location() -> Scripted {
    let message = "User location is not supported for the API use.";
    error(400, "FAILED_PRECONDITION", message, "")
}

pub(super) fn overloaded() -> Scripted {
    let message = "This model is currently experiencing high demand. Please try again later.";
    error(503, "UNAVAILABLE", message, "")
}

/// `limit` is what the project may ask for, which the product believes.
pub(super) fn minute_quota(model: &str, limit: u64, left_ms: u64) -> Scripted {
    let id = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
    quota(model, id, limit, left_ms)
}

/// Google's hint for a day that is used up is a few seconds, too: the id tells.
pub(super) fn day_quota(model: &str, limit: u64) -> Scripted {
    let id = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";
    quota(model, id, limit, 17_000)
}

/// A violation without a value would be one of a quota of zero.
fn quota(model: &str, id: &str, limit: u64, left_ms: u64) -> Scripted {
    let seconds = left_ms.div_ceil(1_000);
    let details = format!(
        r#"{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"{id}","quotaDimensions":{{"location":"global","model":"{model}"}},"quotaValue":"{limit}"}}]}},{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{seconds}s"}}"#
    );
    let message = "You exceeded your current quota, please check your plan and billing details.";
    error(429, "RESOURCE_EXHAUSTED", message, &details)
}

pub(super) fn whole(word: &str) -> Scripted {
    Scripted::new(200, candidate(&format!("{word} {LAST_WORD}"), Some("STOP")))
}

pub(super) fn streamed(word: &str, random: &Random) -> Scripted {
    let mut body = Vec::new();
    for event in 1..=EVENTS {
        let (text, finish) = match event {
            1 => (word, None),
            EVENTS => (LAST_WORD, Some("STOP")),
            _ => ("and", None),
        };
        let event = format!("data: {}\r\n\r\n", candidate(text, finish));
        body.push(Piece::Bytes(event.into_bytes()));
        body.push(Piece::Wait(random.between(0, 400)));
    }
    Scripted { status: 200, body }
}

fn candidate(text: &str, finish: Option<&str>) -> String {
    let finish = finish.map_or_else(String::new, |reason| {
        format!(r#","finishReason":"{reason}""#)
    });
    format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{text}"}}],"role":"model"}}{finish},"index":0}}],"usageMetadata":{{"promptTokenCount":3,"candidatesTokenCount":4,"totalTokenCount":7}},"responseId":"r"}}"#
    )
}
