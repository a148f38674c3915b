//! Settings of Google's own (G23, G24).

use super::with_parameters;

#[test]
fn caches_are_named_g24() {
    const NAME: &str = "cachedContents/abc-1";
    for parameters in [
        format!(r#","google":{{"cached_content":"{NAME}"}}"#),
        format!(
            r#","extra_body":{{"google":{{"cachedContent":"{NAME}","thought_tag_marker":"think"}}}}"#
        ),
    ] {
        with_parameters(&parameters, |draft| {
            assert_eq!(draft.cached_content.as_deref(), Some(NAME), "{parameters}");
        });
    }
}

#[test]
fn thresholds_of_the_client_are_taken_from_any_place_g23() {
    const LIST: &str = r#"[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"},{"category":"HARM_CATEGORY_HATE_SPEECH","threshold":"OFF"}]"#;
    for parameters in [
        format!(r#","safety_settings":{LIST}"#),
        format!(r#","safetySettings":{LIST}"#),
        format!(r#","extra_body":{{"safety_settings":{LIST}}}"#),
        format!(r#","google":{{"safety_settings":{LIST}}}"#),
        format!(r#","extra_body":{{"google":{{"safetySettings":{LIST}}}}}"#),
    ] {
        let found = with_parameters(&parameters, |draft| super::json(&draft.safety));
        assert_eq!(found, LIST, "{parameters}");
    }
    for parameters in ["", r#","safety_settings":null"#, r#","safety_settings":[]"#] {
        assert!(with_parameters(parameters, |draft| draft.safety.is_empty()));
    }
}
