//! How much to think (1.5, R1–R3, G25).

use super::with_parameters;
use crate::{
    gemini::request::ThinkingLevel,
    prompt::{Amount, Effort, ThinkingWish},
};

fn check(parameters: &str, amount: Option<Amount>, include_thoughts: Option<bool>) {
    let found = with_parameters(parameters, |draft| draft.thinking);
    let expected = ThinkingWish {
        amount,
        include_thoughts,
    };
    assert_eq!(found, expected, "{parameters}");
}

#[test]
fn efforts_of_openai_r2() {
    check("", None, None);
    check(r#","reasoning_effort":null"#, None, None);
    for (effort, expected) in [
        ("none", Effort::None),
        ("minimal", Effort::Minimal),
        ("low", Effort::Low),
        ("medium", Effort::Medium),
        ("high", Effort::High),
        ("xhigh", Effort::XHigh),
        ("max", Effort::XHigh),
    ] {
        let amount = Some(Amount::Effort(expected));
        check(&format!(r#","reasoning_effort":"{effort}""#), amount, None);
        check(
            &format!(r#","reasoning":{{"effort":"{effort}"}}"#),
            amount,
            None,
        );
    }
}

#[test]
fn ways_of_other_vendors() {
    const OFF: Option<Amount> = Some(Amount::Effort(Effort::None));
    let budget = |tokens| Some(Amount::Budget(tokens));
    for (parameters, amount, shown) in [
        (r#","reasoning":{}"#, None, None),
        (r#","reasoning":{"max_tokens":2000}"#, budget(2000), None),
        (
            r#","reasoning":{"max_tokens":2000,"exclude":true}"#,
            budget(2000),
            Some(false),
        ),
        (r#","reasoning":{"exclude":false}"#, None, Some(true)),
        (r#","reasoning":{"enabled":true}"#, None, Some(true)),
        (
            r#","reasoning":{"enabled":true,"exclude":true}"#,
            None,
            Some(false),
        ),
        (r#","reasoning":{"enabled":false}"#, OFF, None),
        (r#","include_reasoning":true"#, None, Some(true)),
        (
            r#","thinking":{"type":"enabled","budget_tokens":1024}"#,
            budget(1024),
            Some(true),
        ),
        (r#","thinking":{"type":"enabled"}"#, None, Some(true)),
        (r#","thinking":{"type":"adaptive"}"#, budget(-1), Some(true)),
        (r#","thinking":{"type":"auto"}"#, budget(-1), Some(true)),
        (r#","thinking":{"type":"disabled"}"#, OFF, None),
        (r#","enable_thinking":true"#, None, Some(true)),
        (
            r#","enable_thinking":true,"thinking_budget":512"#,
            budget(512),
            Some(true),
        ),
        (r#","enable_thinking":false"#, OFF, None),
        (
            r#","enable_thinking":false,"thinking_budget":512"#,
            OFF,
            None,
        ),
        (r#","thinking_budget":0"#, budget(0), None),
    ] {
        check(parameters, amount, shown);
    }
}

#[test]
fn googles_own_way_in_both_places_and_spellings_g25() {
    for (config, amount, shown) in [
        ("{}", None, None),
        (
            r#"{"thinking_budget":-1,"include_thoughts":true}"#,
            Some(Amount::Budget(-1)),
            Some(true),
        ),
        (
            r#"{"thinkingBudget":512,"includeThoughts":false}"#,
            Some(Amount::Budget(512)),
            Some(false),
        ),
        (
            r#"{"thinking_level":"low"}"#,
            Some(Amount::Level(ThinkingLevel::Low)),
            None,
        ),
        (
            r#"{"thinkingLevel":"HIGH"}"#,
            Some(Amount::Level(ThinkingLevel::High)),
            None,
        ),
    ] {
        for parameters in [
            format!(r#","google":{{"thinking_config":{config}}}"#),
            format!(r#","google":{{"thinkingConfig":{config}}}"#),
            format!(r#","extra_body":{{"google":{{"thinking_config":{config}}}}}"#),
        ] {
            check(&parameters, amount, shown);
        }
    }
}

#[test]
fn saying_the_same_twice_is_no_contradiction() {
    check(
        r#","reasoning_effort":"low","reasoning":{"effort":"low"}"#,
        Some(Amount::Effort(Effort::Low)),
        None,
    );
    check(
        r#","reasoning_effort":"low","google":{"thinking_config":{"include_thoughts":true}}"#,
        Some(Amount::Effort(Effort::Low)),
        Some(true),
    );
}
