//! Variables: defaults, lists, and what is said about values that cannot be used.

use super::variables::{BASE_URL, STRATEGY};
use super::*;

pub(super) fn parse(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::parse(|name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn nothing_set_gives_the_documented_defaults_and_says_what_is_missing() {
    let settings = parse(&[]).unwrap();
    assert_eq!(settings.missing(), ["GEMINI_API_KEYS", "VALID_AUTH_TOKENS"]);
    assert_eq!(settings.max_attempts, 3);
    assert_eq!(settings.heartbeat, Duration::from_secs(5));
    assert_eq!(
        settings.egresses[0].url.base(),
        "https://generativelanguage.googleapis.com"
    );
}

#[test]
fn keys_and_client_keys_come_from_lists() {
    let settings = parse(&[(KEYS, "one, two\nthree"), (CLIENT_KEYS, "a\nb,a")]).unwrap();
    assert_eq!(settings.keys.len(), 3);
    assert_eq!(settings.client_keys.len(), 2);
    assert!(settings.missing().is_empty());
}

#[test]
fn a_bad_value_is_refused_with_the_variable_and_the_way_out() {
    for (name, value, expected) in [
        (STRATEGY, "fastest", "fastest"),
        (ATTEMPTS, "0", "from 1 to 10"),
        (ATTEMPTS, "many", "from 1 to 10"),
        (HEARTBEAT, "5s", "milliseconds"),
        (TOTAL, "9999999999", "milliseconds"),
        (BASE_URL, "http://example.com", "https"),
        (FAKE_STREAMING, "maybe", "neither `on` nor `off`"),
        (SAFETY, "NONE", "BLOCK_NONE"),
        (CONTINUATIONS, "6", "from 0 to 5"),
        (ALIASES, "gpt-4o", "gpt-4o"),
        (SUFFIXES, "seach", "seach"),
        ("cooling_profile", "fixd", "`google`"),
        ("emergency", "wait", "`probe-soonest`"),
        ("affinity", "on", "`conversation`"),
        ("quota_limits", "gemini=5", "rpm"),
        ("error_rules", "[{}]", "action"),
        (
            "error_rules",
            r#"[{"action":"stop","if":1}]"#,
            "unknown field",
        ),
        ("contribute_pool", "Our Pool", "lower-case"),
    ] {
        let error = parse(&[(name, value)]).unwrap_err();
        assert_eq!(error.name, name);
        assert!(error.problem.contains(expected), "{error}");
    }
}

#[test]
fn an_error_about_keys_never_shows_one() {
    let error = parse(&[(KEYS, "good-key-123456,bad key with spaces")]).unwrap_err();
    assert!(!error.to_string().contains("bad key"), "{error}");
    assert!(!error.to_string().contains("good-key"), "{error}");
}
