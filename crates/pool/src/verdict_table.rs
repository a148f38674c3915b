//! The table: which upstream error means what. Add a row, a body to the tests, and nothing else.
//!
//! Each profile reads [`ANY_PROFILE`] and then its own rows; the first row that matches decides. The only decision it leaves to `classify.rs` is the length of a 429, which is
//! in the details of its body.
//!
//! Sources: <https://ai.google.dev/gemini-api/docs/troubleshooting>,
//! <https://ai.google.dev/gemini-api/docs/rate-limits> and bodies in public issue trackers, all as of November 2026.

use std::time::Duration;

use crate::google_error::GoogleError;
use crate::profile::Profile;
use crate::verdict::{CoolingCause, DeathCause, EgressCause, FaultCause, Scope};

use CoolingCause as Cooling;
use DeathCause as Death;
use FaultCause as Fault;
use Ruling::{
    Canceled, Client, Cool, Dead, Egress, Forbidden, Foreign, GatewayFault, ModelUnavailable, Quota,
};
use Signal::{AnyPage, Begins, Contains, Nothing, Page, Reason, Status};

/// Wait before a key is tried again whose project or restrictions its owner can mend: console changes take minutes.
const MENDABLE: Duration = Duration::from_mins(15);

/// Wait before a project without money is tried again: after a payment it is back within the hour.
const CREDITS: Duration = Duration::from_hours(1);

/// Wait for what changes rarely: free tier by country, models closed to new users.
const RARELY_CHANGES: Duration = Duration::from_hours(24);

/// [`Profile::Fixed`]: too many requests, or an overloaded service. Its times are those of the cooling balancer whose
/// dashboards and habits it keeps.
const FIXED_LIMIT: Duration = Duration::from_hours(24);

/// [`Profile::Fixed`]: the service cannot be reached, or is late.
const FIXED_UNREACHABLE: Duration = Duration::from_mins(5);

/// [`Profile::Fixed`]: any other error of the service.
const FIXED_FAULT: Duration = Duration::from_mins(10);

/// What marks an error.
pub(crate) enum Signal {
    /// A `reason` in `ErrorInfo`.
    Reason(&'static str),
    /// The message begins so, in lower case. Only the beginning is safe: Google repeats field names and model names
    /// that the client chose, and no client may talk a key to death by having its words quoted.
    Begins(&'static str),
    /// The message contains this, in lower case. Only for verdicts that touch nothing but this key and this model.
    Contains(&'static str),
    /// The name of the gRPC status.
    Status(&'static str),
    /// The body is a web page that contains this, in lower case.
    Page(&'static str),
    /// The body is a web page.
    AnyPage,
    /// Nothing more than the HTTP status.
    Nothing,
}

/// What it means.
pub(crate) enum Ruling {
    Dead(DeathCause),
    Cool(Scope, Duration, CoolingCause),
    ModelUnavailable(Duration, CoolingCause),
    /// Too many requests: the details decide.
    Quota,
    Fault(FaultCause),
    Egress(EgressCause),
    Forbidden,
    Foreign,
    Client,
    GatewayFault,
    Canceled,
}

/// HTTP statuses from and to, what marks the error, what it means.
type Row = (u16, u16, Signal, Ruling);

/// What says nothing of quotas: the address, our own mistakes, and keys that are dead whoever reads it.
#[rustfmt::skip]
const ANY_PROFILE: &[Row] = &[
    // The address we come from, not the key: Google's front end answers with a page.
    (403, 429, Page("automated queries"), Egress(EgressCause::SorryPage)),
    (429, 429, AnyPage, Egress(EgressCause::SorryPage)),
    (400, 400, Begins("user location is not supported"), Egress(EgressCause::Location)),
    // Any other page is from something between us and the API, which knows no keys.
    (401, 403, AnyPage, Forbidden),
    (400, 401, Begins("multiple authentication credentials received"), GatewayFault),

    // Keys. Expired and deleted ones carry the reason of invalid ones, so their messages come first.
    (400, 403, Begins("api key expired"), Dead(Death::Expired)),
    (400, 403, Begins("api key not found"), Dead(Death::NotFound)),
    (400, 403, Reason("API_KEY_INVALID"), Dead(Death::Invalid)),
    (400, 403, Begins("api key not valid"), Dead(Death::Invalid)),
    (403, 403, Reason("CONSUMER_SUSPENDED"), Dead(Death::Suspended)),
    (403, 403, Begins("permission denied: consumer "), Dead(Death::Suspended)),
    (403, 403, Reason("CONSUMER_INVALID"), Dead(Death::ProjectDenied)),
    (403, 403, Begins("your project has been denied access"), Dead(Death::ProjectDenied)),
    (403, 403, Begins("your api key was reported as leaked"), Dead(Death::Leaked)),
    // ACCESS_TOKEN_TYPE_UNSUPPORTED, CREDENTIALS_MISSING, ACCESS_TOKEN_EXPIRED, or none: one credential was sent, and
    // it is not taken as one.
    (401, 401, Nothing, Dead(Death::Rejected)),

    // Resources of another project, which that project's key may use: no key is bad.
    (403, 404, Begins("you do not have permission to access "), Foreign),
    (403, 404, Begins("cachedcontent not found (or permission denied)"), Foreign),
    (499, 499, Nothing, Canceled),
];

/// [`Profile::Google`].
#[rustfmt::skip]
const BY_MEANING: &[Row] = &[
    // Projects and restrictions that an owner can mend.
    (403, 403, Reason("SERVICE_DISABLED"), Cool(Scope::Key, MENDABLE, Cooling::ServiceDisabled)),
    (403, 403, Begins("generative language api has not been used in project"), Cool(Scope::Key, MENDABLE, Cooling::ServiceDisabled)),
    (403, 403, Reason("BILLING_DISABLED"), Cool(Scope::Key, MENDABLE, Cooling::ServiceDisabled)),
    (403, 403, Reason("API_KEY_SERVICE_BLOCKED"), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (403, 403, Reason("API_KEY_HTTP_REFERRER_BLOCKED"), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (403, 403, Reason("API_KEY_IP_ADDRESS_BLOCKED"), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (403, 403, Reason("API_KEY_ANDROID_APP_BLOCKED"), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (403, 403, Reason("API_KEY_IOS_APP_BLOCKED"), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (403, 403, Begins("requests to this api "), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (403, 403, Begins("requests from referer "), Cool(Scope::Key, MENDABLE, Cooling::KeyRestricted)),
    (400, 400, Begins("gemini api free tier is not available in your country"), Cool(Scope::Key, RARELY_CHANGES, Cooling::FreeTierCountry)),
    (402, 429, Begins("your prepayment credits are depleted"), Cool(Scope::Key, CREDITS, Cooling::CreditsDepleted)),
    (402, 429, Begins("your project has exceeded its monthly spending cap"), Cool(Scope::Key, CREDITS, Cooling::CreditsDepleted)),
    (402, 402, Nothing, Cool(Scope::Key, CREDITS, Cooling::CreditsDepleted)),

    // Batches are for paid projects, and all that a free one hears is this.
    (400, 400, Begins("precondition check failed"), Forbidden),
    // "The caller does not have permission" and IAM_PERMISSION_DENIED: the key, or another project's file.
    (403, 403, Nothing, Forbidden),
    // A model that Google does not know is the client's error: the same words answer a method that a model does not
    // have, so marking the key would let a client close any model by asking it for embeddings.
    (404, 404, Contains("no longer available to new users"), ModelUnavailable(RARELY_CHANGES, Cooling::ModelClosedToNewUsers)),
    (429, 429, Reason("MODEL_CAPACITY_EXHAUSTED"), Ruling::Fault(Fault::Overloaded)),
    (429, 429, Contains("doesn't have a free quota tier"), ModelUnavailable(RARELY_CHANGES, Cooling::NoQuotaForModel)),
    (429, 429, Nothing, Quota),
    (408, 408, Nothing, Ruling::Fault(Fault::Deadline)),
    (400, 499, Nothing, Client),
    (500, 599, Status("UNAVAILABLE"), Ruling::Fault(Fault::Overloaded)),
    (502, 502, Nothing, Ruling::Fault(Fault::Unreachable)),
    (503, 503, Nothing, Ruling::Fault(Fault::Overloaded)),
    (504, 504, Nothing, Ruling::Fault(Fault::Deadline)),
    (500, 599, Nothing, Ruling::Fault(Fault::Internal)),
];

/// [`Profile::Fixed`].
#[rustfmt::skip]
const BY_STATUS: &[Row] = &[
    (403, 403, Nothing, Dead(Death::Forbidden)),
    (429, 429, Nothing, Cool(Scope::Key, FIXED_LIMIT, Cooling::Fixed)),
    (400, 499, Nothing, Client),
    (502, 502, Nothing, Cool(Scope::Key, FIXED_UNREACHABLE, Cooling::Fixed)),
    (503, 503, Nothing, Cool(Scope::Key, FIXED_LIMIT, Cooling::Fixed)),
    (504, 504, Nothing, Cool(Scope::Key, FIXED_UNREACHABLE, Cooling::Fixed)),
    (500, 599, Nothing, Cool(Scope::Key, FIXED_FAULT, Cooling::Fixed)),
];

/// The ruling on an error; `page` is the body in lower case if it is a web page.
pub(crate) fn ruling_on(
    profile: Profile,
    status: u16,
    error: &GoogleError,
    page: Option<&str>,
) -> &'static Ruling {
    let message = error.message.trim_start().to_ascii_lowercase();
    let matches = |signal: &Signal| match *signal {
        Reason(reason) => error.reasons.iter().any(|given| given == reason),
        Begins(text) => message.starts_with(text),
        Contains(text) => message.contains(text),
        Status(name) => error.status.as_deref() == Some(name),
        Page(text) => page.is_some_and(|page| page.contains(text)),
        AnyPage => page.is_some(),
        Nothing => true,
    };
    let own = match profile {
        Profile::Google => BY_MEANING,
        Profile::Fixed => BY_STATUS,
    };
    ANY_PROFILE
        .iter()
        .chain(own)
        .find(|(from, to, signal, _)| (*from..=*to).contains(&status) && matches(signal))
        // Redirects and other statuses that an API never answers with: something is in the way.
        .map_or(&Ruling::Fault(Fault::Unreachable), |(_, _, _, ruling)| {
            ruling
        })
}
