//! Generation parameters (G1–G14).

use super::with_parameters;
use crate::gemini::request::ServiceTier;

#[test]
fn limits_and_sampling_are_wished_g1_to_g4() {
    for (parameters, max_output_tokens) in [
        ("", None),
        (r#","max_tokens":10"#, Some(10)),
        (r#","max_tokens":10,"max_completion_tokens":20"#, Some(20)),
        (r#","max_tokens":9000000000"#, Some(2_147_483_647)),
        (r#","max_tokens":null"#, None),
    ] {
        let found = with_parameters(parameters, |draft| draft.sampling.max_output_tokens);
        assert_eq!(found, max_output_tokens, "{parameters}");
    }
    let sampled = with_parameters(r#","temperature":0,"top_p":0.9,"top_k":40"#, |draft| {
        let sampling = draft.sampling;
        (sampling.temperature, sampling.top_p, sampling.top_k)
    });
    assert_eq!(sampled, (Some(0.0), Some(0.9), Some(40)));
}

#[test]
fn stop_sequences_are_never_empty_g6() {
    for (parameters, stop) in [
        (r#","stop":"END""#, &["END"][..]),
        (r#","stop":["a","","b\n"]"#, &["a", "b\n"]),
        (r#","stop":"""#, &[]),
        (r#","stop":null"#, &[]),
    ] {
        with_parameters(parameters, |draft| assert_eq!(draft.sampling.stop, stop));
    }
}

#[test]
fn seeds_are_wrapped_g7() {
    for (seed, expected) in [
        ("42", 42),
        ("4294967297", 1),
        ("-1", -1),
        ("2147483648", i32::MIN),
    ] {
        let parameters = format!(r#","seed":{seed}"#);
        let found = with_parameters(&parameters, |draft| draft.sampling.seed);
        assert_eq!(found, Some(expected));
    }
}

#[test]
fn choices_are_counted_g5() {
    for (parameters, expected) in [
        ("", None),
        (r#","n":null"#, None),
        (r#","n":1"#, None),
        (r#","n":8"#, Some(8)),
    ] {
        let found = with_parameters(parameters, |draft| draft.sampling.candidates);
        assert_eq!(found, expected, "{parameters}");
    }
}

#[test]
fn penalties_go_no_further_g8() {
    let parameters = r#","presence_penalty":0.5,"frequency_penalty":-2"#;
    let found = with_parameters(parameters, |draft| format!("{:?}", draft.sampling));
    let without = with_parameters("", |draft| format!("{:?}", draft.sampling));
    assert_eq!(found, without);
}

#[test]
fn log_probabilities_are_wished_with_their_number_g9_g10() {
    for (parameters, expected) in [
        ("", None),
        (r#","logprobs":false,"top_logprobs":0"#, None),
        (r#","logprobs":true"#, Some(0)),
        (r#","logprobs":true,"top_logprobs":20"#, Some(20)),
    ] {
        let found = with_parameters(parameters, |draft| draft.sampling.logprobs);
        assert_eq!(found, expected, "{parameters}");
    }
}

#[test]
fn nothing_is_stored_at_google_unless_asked_for_g13() {
    for (parameters, stored) in [
        ("", false),
        (r#","store":null"#, false),
        (r#","store":false"#, false),
        (r#","store":true"#, true),
    ] {
        assert_eq!(with_parameters(parameters, |draft| draft.store), stored);
    }
}

#[test]
fn service_tiers_are_named_in_googles_words_g14() {
    for (tier, expected) in [
        ("auto", None),
        ("default", Some(ServiceTier::Standard)),
        ("scale", None),
        ("flex", Some(ServiceTier::Flex)),
        ("priority", Some(ServiceTier::Priority)),
        ("fast", Some(ServiceTier::Priority)),
    ] {
        let parameters = format!(r#","service_tier":"{tier}""#);
        let found = with_parameters(&parameters, |draft| draft.service_tier);
        assert_eq!(found, expected, "{tier}");
    }
}
