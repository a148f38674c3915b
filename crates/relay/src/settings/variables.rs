//! The table of the deployment's variables: names, meaning, unit and default.
//!
//! `spin.toml`, the README and the native host's help agree with it; `cargo xtask tidy` sees to that. What a value
//! means is read elsewhere.

/// One deployment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Name as the manifest spells it; environment variables have it in upper case.
    pub name: &'static str,
    /// True when its value must never be shown.
    pub secret: bool,
    /// Value when unset or empty; `""` means that there is none.
    pub default: &'static str,
    /// What it does, in one line, with its unit.
    pub meaning: &'static str,
}

pub(super) const KEYS: &str = "gemini_api_keys";
pub(super) const CLIENT_KEYS: &str = "valid_auth_tokens";
pub(super) const STRATEGY: &str = "load_balance_strategy";
pub(super) const PROFILE: &str = "cooling_profile";
pub(super) const EMERGENCY: &str = "emergency";
pub(super) const AFFINITY: &str = "affinity";
pub(super) const QUOTAS: &str = "quota_limits";
pub(super) const RULES: &str = "error_rules";
pub(super) const CONTRIBUTE: &str = "contribute_pool";
pub(super) const BASE_URL: &str = "gemini_base_url";
pub(super) const ATTEMPTS: &str = "max_attempts";
pub(super) const FIRST_BYTE: &str = "first_byte_timeout_ms";
pub(super) const IDLE: &str = "idle_timeout_ms";
pub(super) const TOTAL: &str = "total_timeout_ms";
pub(super) const HEARTBEAT: &str = "heartbeat_ms";
pub(super) const FIRST_HEARTBEAT: &str = "first_heartbeat_ms";
pub(super) const FAKE_STREAMING: &str = "fake_streaming";
pub(super) const SAFETY: &str = "safety_threshold";
pub(super) const KEY_IN_URL: &str = "client_key_in_url";
pub(super) const CONTINUATIONS: &str = "continuations";
pub(super) const ALIASES: &str = "model_aliases";
pub(super) const SUFFIXES: &str = "model_suffixes";
pub(super) const MASTER_KEY: &str = "master_key";
pub(super) const MASTER_KEY_PREVIOUS: &str = "master_key_previous";

/// Names of the variables of one further egress.
pub(super) struct EgressVariables {
    /// What keys that are pinned to it call it.
    pub(super) egress: &'static str,
    pub(super) url: &'static str,
    pub(super) path: &'static str,
    pub(super) headers: &'static str,
}

/// The further egresses. Three are enough for the regions that matter; hosts want the list of addresses that a
/// component may call to be fixed.
pub(super) const EGRESSES: [EgressVariables; 3] = [
    EgressVariables {
        egress: "egress-2",
        url: "egress_2_url",
        path: "egress_2_path",
        headers: "egress_2_headers",
    },
    EgressVariables {
        egress: "egress-3",
        url: "egress_3_url",
        path: "egress_3_path",
        headers: "egress_3_headers",
    },
    EgressVariables {
        egress: "egress-4",
        url: "egress_4_url",
        path: "egress_4_path",
        headers: "egress_4_headers",
    },
];

/// Every variable that the gateway reads.
pub const VARIABLES: [Variable; 33] = [
    Variable {
        name: KEYS,
        secret: true,
        default: "",
        meaning: "Gemini API keys, separated by commas or line ends; `KEY*3` gives a key three times the share",
    },
    Variable {
        name: CLIENT_KEYS,
        secret: true,
        default: "",
        meaning: "keys that clients must present, separated by commas or line ends; none set lets nobody in",
    },
    Variable {
        name: STRATEGY,
        secret: false,
        default: "weighted",
        meaning: "how a key is chosen: `weighted`, `round-robin`, `random`, `least-recently-used` or `fill-first`",
    },
    Variable {
        name: PROFILE,
        secret: false,
        default: "google",
        meaning: "what errors mean: `google` reads their details; `fixed` goes by status alone: 401 and 403 for good, 429 and 503 a day, 502 and 504 five minutes, other 5xx ten",
    },
    Variable {
        name: EMERGENCY,
        secret: false,
        default: "fail",
        meaning: "what happens when every key rests: `fail` tells the client when to come back, `probe-soonest` tries the key that returns first, `reset` forgets all coolings once a minute at most",
    },
    Variable {
        name: AFFINITY,
        secret: false,
        default: "off",
        meaning: "`conversation` lets requests that begin alike prefer the same key, which makes Google's caches hit more often",
    },
    Variable {
        name: QUOTAS,
        secret: false,
        default: "",
        meaning: "limits of a project that are known before Google tells, `gemini-2.5-pro=5rpm/250000tpm/100rpd,gemini-2.5-*=10rpm`: requests and tokens per minute, requests per day",
    },
    Variable {
        name: RULES,
        secret: false,
        default: "",
        meaning: "own rules for errors, before all others: a JSON list of `{status, contains, action}`, the action `stop`, `continue`, `disable` or `{cool: {seconds}}`",
    },
    Variable {
        name: CONTRIBUTE,
        secret: false,
        default: "",
        meaning: "id of the stored pool that may be used by whoever brings a Gemini key: keys that worked join it; it is made by the first one",
    },
    Variable {
        name: BASE_URL,
        secret: false,
        default: "https://generativelanguage.googleapis.com",
        meaning: "origin of the Gemini API; https, or http on loopback",
    },
    Variable {
        name: "egress_2_url",
        secret: false,
        default: "https://generativelanguage.googleapis.com",
        meaning: "origin of another way to the Gemini API; keys are spread over all ways, and move while Google refuses one",
    },
    Variable {
        name: "egress_2_path",
        secret: false,
        default: "",
        meaning: "path in front of `/v1beta` there",
    },
    Variable {
        name: "egress_2_headers",
        secret: true,
        default: "",
        meaning: "headers sent there and nowhere else, `Name: value`, separated by line ends or `;`",
    },
    Variable {
        name: "egress_3_url",
        secret: false,
        default: "https://generativelanguage.googleapis.com",
        meaning: "a third way",
    },
    Variable {
        name: "egress_3_path",
        secret: false,
        default: "",
        meaning: "path in front of `/v1beta` on the third way",
    },
    Variable {
        name: "egress_3_headers",
        secret: true,
        default: "",
        meaning: "headers of the third way",
    },
    Variable {
        name: "egress_4_url",
        secret: false,
        default: "https://generativelanguage.googleapis.com",
        meaning: "a fourth way",
    },
    Variable {
        name: "egress_4_path",
        secret: false,
        default: "",
        meaning: "path in front of `/v1beta` on the fourth way",
    },
    Variable {
        name: "egress_4_headers",
        secret: true,
        default: "",
        meaning: "headers of the fourth way",
    },
    Variable {
        name: ATTEMPTS,
        secret: false,
        default: "3",
        meaning: "different keys tried per request before the first byte, 1 to 10",
    },
    Variable {
        name: FIRST_BYTE,
        secret: false,
        default: "120000",
        meaning: "longest wait for the first part of a streamed answer, in milliseconds",
    },
    Variable {
        name: IDLE,
        secret: false,
        default: "120000",
        meaning: "longest silence inside an answer, in milliseconds",
    },
    Variable {
        name: TOTAL,
        secret: false,
        default: "600000",
        meaning: "longest time for one attempt and for a whole stream, in milliseconds",
    },
    Variable {
        name: HEARTBEAT,
        secret: false,
        default: "5000",
        meaning: "a comment is sent to the client after this silence in a stream, in milliseconds",
    },
    Variable {
        name: FIRST_HEARTBEAT,
        secret: false,
        default: "20000",
        meaning: "a stream for which Gemini has nothing yet is begun with a comment after this time, in milliseconds",
    },
    Variable {
        name: FAKE_STREAMING,
        secret: false,
        default: "off",
        meaning: "`on` asks Gemini for whole answers and streams them to the client when they are there",
    },
    Variable {
        name: SAFETY,
        secret: false,
        default: "",
        meaning: "threshold of every harm category, for requests that set none: `OFF`, `BLOCK_NONE`, `BLOCK_ONLY_HIGH`, `BLOCK_MEDIUM_AND_ABOVE` or `BLOCK_LOW_AND_ABOVE`",
    },
    Variable {
        name: KEY_IN_URL,
        secret: false,
        default: "off",
        meaning: "`on` also takes client keys as `?key=` or `?apikey=`, which end up in the logs of everything in between",
    },
    Variable {
        name: CONTINUATIONS,
        secret: false,
        default: "0",
        meaning: "how often a streamed answer that breaks off, or reaches the model's own limit, is gone on with, 0 to 5; each costs the prompt again",
    },
    Variable {
        name: ALIASES,
        secret: false,
        default: "",
        meaning: "other names for models, `gpt-4o=gemini-2.5-flash,claude-*=gemini-3.1-pro`; a `*` at the end stands for any rest",
    },
    Variable {
        name: SUFFIXES,
        secret: false,
        default: "all",
        meaning: "which wishes a model's name may carry: `all`, `none`, or a list of `search`, `image`, `thinking`, `effort`, `fake`, `anti-trunc`",
    },
    Variable {
        name: MASTER_KEY,
        secret: true,
        default: "",
        meaning: "what stored secrets are sealed with: 32 bytes as 64 hex digits or base64; the native host makes one in a file beside the store, see `--master-key-file`",
    },
    Variable {
        name: MASTER_KEY_PREVIOUS,
        secret: true,
        default: "",
        meaning: "the master key before this one, while what it sealed is sealed anew",
    },
];
