//! Which errors a rule matches, what follows, and which rules are refused.

use super::*;
use crate::classify::classify;
use crate::policy::Policy;
use crate::profile::Profile;
use crate::verdict::Retry;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn rule(status: impl Into<Option<u16>>, contains: &str, action: RuleAction) -> Rule {
    Rule {
        status: status.into(),
        contains: contains.to_owned(),
        action,
    }
}

fn verdict(rules: &[Rule], status: u16, message: &str) -> Verdict {
    let message = serde_json::to_string(message).unwrap();
    let body = format!(r#"{{"error":{{"code":{status},"message":{message}}}}}"#);
    let policy = Policy {
        rules: rules.to_vec(),
        ..Policy::default()
    };
    classify(status, body.as_bytes(), NOW, &policy).verdict
}

const COOLED: Verdict = Verdict::Cool {
    scope: Scope::Model,
    until: UnixMillis(NOW.0 + 90_000),
    cause: CoolingCause::ByRule,
};

const DISABLED: Verdict = Verdict::Dead {
    cause: DeathCause::ByRule,
};

#[test]
fn each_action_has_its_verdict() {
    for (action, expected, retry) in [
        (RuleAction::Stop, Verdict::Client, Retry::No),
        (RuleAction::Continue, Verdict::PassOver, Retry::NextKey),
        (RuleAction::Cool { seconds: 90 }, COOLED, Retry::NextKey),
        (RuleAction::Disable, DISABLED, Retry::NextKey),
    ] {
        let found = verdict(
            &[rule(418, "teapot", action)],
            418,
            "Teapot: short and stout",
        );
        assert_eq!(found, expected);
        assert_eq!(found.retry(), retry);
    }
}

#[test]
fn the_first_rule_that_matches_decides_before_the_table() {
    let rules = [
        rule(403, "teapot", RuleAction::Stop),
        rule(None, "LEAKED", RuleAction::Continue),
        rule(403, "", RuleAction::Disable),
    ];
    let leaked = "Your API key was reported as leaked. Please use another API key.";
    assert_eq!(verdict(&rules, 403, leaked), Verdict::PassOver);
    assert_eq!(verdict(&rules, 403, "Anything"), DISABLED);
    assert_eq!(
        verdict(&[], 403, leaked),
        Verdict::Dead {
            cause: DeathCause::Leaked
        }
    );
    assert_eq!(verdict(&rules, 400, "Bad request"), Verdict::Client);
}

#[test]
fn rules_come_first_in_the_fixed_profile_too() {
    let policy = Policy {
        profile: Profile::Fixed,
        rules: vec![rule(503, "", RuleAction::Continue)],
        ..Policy::default()
    };
    assert_eq!(classify(503, b"", NOW, &policy).verdict, Verdict::PassOver);
}

#[test]
fn no_client_can_disable_a_key_by_having_a_text_quoted() {
    let rules = [rule(None, "Billing account closed", RuleAction::Disable)];
    let quoted = "Invalid JSON payload received. Unknown name \"billing account closed\"";
    assert_eq!(verdict(&rules, 400, quoted), Verdict::Client);
    assert_eq!(verdict(&rules, 400, " BILLING account closed."), DISABLED);

    let cools = [rule(
        None,
        "billing account closed",
        RuleAction::Cool { seconds: 90 },
    )];
    assert_eq!(verdict(&cools, 400, quoted), COOLED);
}

#[test]
fn a_rule_that_disables_matches_a_reason_as_a_whole() {
    let body = br#"{"error":{"message":"No.","details":[{"@type":"google.rpc.ErrorInfo","reason":"ACCOUNT_STATE_INVALID"}]}}"#;
    for (text, matches) in [
        ("account_state_invalid", true),
        ("ACCOUNT_STATE", false),
        ("INVALID", false),
    ] {
        let policy = Policy {
            rules: vec![rule(None, text, RuleAction::Disable)],
            ..Policy::default()
        };
        let found = classify(400, body, NOW, &policy).verdict;
        assert_eq!(found == DISABLED, matches, "{text}");
    }
}

#[test]
fn a_success_matches_no_rule() {
    let policy = Policy {
        rules: vec![rule(None, "", RuleAction::Disable)],
        ..Policy::default()
    };
    assert_eq!(classify(200, b"{}", NOW, &policy).verdict, Verdict::Success);
}

#[test]
fn a_cooling_never_lasts_longer_than_any_other() {
    let rules = [rule(400, "", RuleAction::Cool { seconds: u32::MAX })];
    assert!(matches!(
        verdict(&rules, 400, "x"),
        Verdict::Cool { until, .. } if until == NOW.saturating_add(MAX_COOLING)
    ));
}

#[test]
fn rules_out_of_bounds_are_refused_by_number() {
    let good = rule(429, "quota", RuleAction::Cool { seconds: 90_000 });
    assert_eq!(validate_rules(&vec![good.clone(); MAX_RULES]), Ok(()));
    let cool = |seconds| rule(429, "", RuleAction::Cool { seconds });
    for (bad, error) in [
        (
            rule(None, " ", RuleAction::Stop),
            "rule 2 has neither a status nor a text, so it would match every error",
        ),
        (
            rule(200, "x", RuleAction::Stop),
            "rule 2 has status 200; errors have 300 to 599",
        ),
        (
            rule(600, "x", RuleAction::Stop),
            "rule 2 has status 600; errors have 300 to 599",
        ),
        (
            rule(None, &"x".repeat(257), RuleAction::Stop),
            "rule 2 has a text of 257 bytes; 256 are allowed",
        ),
        (cool(0), "rule 2 cools for 0 s; 1 to 90000 are allowed"),
        (
            cool(90_001),
            "rule 2 cools for 90001 s; 1 to 90000 are allowed",
        ),
    ] {
        let found = validate_rules(&[good.clone(), bad]).unwrap_err();
        assert_eq!(found.to_string(), error);
    }
    let many = validate_rules(&vec![good; MAX_RULES + 1]).unwrap_err();
    assert_eq!(many, InvalidRule::TooMany { count: 65 });
}

#[test]
fn a_rule_is_written_as_people_would() {
    let text = r#"[{"status":400,"contains":"x","action":"stop"},{"action":{"cool":{"seconds":5}},"status":429}]"#;
    let rules: Vec<Rule> = serde_json::from_str(text).unwrap();
    assert_eq!(
        rules,
        [
            rule(400, "x", RuleAction::Stop),
            rule(429, "", RuleAction::Cool { seconds: 5 })
        ]
    );
}
