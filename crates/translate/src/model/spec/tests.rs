//! Names with additions, and names that only look so.

use super::*;

fn check(name: &str, model: &str, features: Features) {
    let expected = ModelSpec {
        name: model.parse().unwrap(),
        features,
    };
    assert_eq!(
        ModelSpec::parse(name, Suffixes::all()),
        Ok(expected),
        "{name}"
    );
}

fn thinking(wish: ThinkingOverride) -> Features {
    Features {
        thinking: Some(wish),
        ..Features::default()
    }
}

const SEARCH: Features = Features {
    search: true,
    thinking: None,
    image: false,
    fake_stream: false,
    continuation: false,
};

#[test]
fn each_suffix_asks_for_its_feature() {
    use ThinkingOverride::{Budget, High, Low, Medium, Off, On};
    for (suffix, features) in [
        ("", Features::default()),
        ("-search", SEARCH),
        (":search", SEARCH),
        ("-nothinking", thinking(Off)),
        ("-non-thinking", thinking(Off)),
        (":non-thinking", thinking(Off)),
        ("-thinking", thinking(On)),
        ("-thinking-0", thinking(Budget(0))),
        ("-thinking-8192", thinking(Budget(8192))),
        ("-low", thinking(Low)),
        ("-medium", thinking(Medium)),
        ("-high", thinking(High)),
    ] {
        let name = format!("gemini-2.5-flash{suffix}");
        check(&name, "gemini-2.5-flash", features);
    }
}

#[test]
fn prefixes_ask_for_kinds_of_streams() {
    let fake = Features {
        fake_stream: true,
        ..Features::default()
    };
    let continuation = Features {
        continuation: true,
        ..Features::default()
    };
    let both = Features {
        continuation: true,
        ..fake
    };
    for (name, features) in [
        ("fake/gemini-2.5-pro", fake),
        ("假流式/gemini-2.5-pro", fake),
        ("anti-trunc/gemini-2.5-pro", continuation),
        ("流式抗截断/gemini-2.5-pro", continuation),
        ("假流式/流式抗截断/gemini-2.5-pro", both),
        ("anti-trunc/models/fake/google/gemini-2.5-pro", both),
        ("models/fake/gemini-2.5-pro", fake),
    ] {
        check(name, "gemini-2.5-pro", features);
    }
}

#[test]
fn additions_combine_in_any_order() {
    let all = Features {
        search: true,
        thinking: Some(ThinkingOverride::Budget(512)),
        image: false,
        fake_stream: true,
        continuation: false,
    };
    for name in [
        "fake/gemini-2.5-flash-search-thinking-512",
        "google/fake/gemini-2.5-flash-thinking-512-search",
        "fake/models/Gemini-2.5-Flash-Thinking-512:search",
        "fake/gemini-2.5-flash-thinking-search-thinking-512",
        "fake/gemini-2.5-flash-search-search-thinking-512",
    ] {
        check(name, "gemini-2.5-flash", all);
    }
    let low = Features {
        search: true,
        ..thinking(ThinkingOverride::Low)
    };
    check(
        "gemini-3-pro-preview-low-search",
        "gemini-3-pro-preview",
        low,
    );
    check(
        "gemini-3-pro-preview-search-thinking-low",
        "gemini-3-pro-preview",
        low,
    );
}

#[test]
fn an_image_suffix_counts_only_where_no_image_model_can_have_that_name() {
    let image = Features {
        image: true,
        ..Features::default()
    };
    check("gemini-2.0-flash-exp-image", "gemini-2.0-flash-exp", image);
    check("gemini-flash-latest-image", "gemini-flash-latest", image);
    check(
        "gemini-2.0-flash-exp-image-search",
        "gemini-2.0-flash-exp",
        Features {
            search: true,
            ..image
        },
    );
    check(
        "gemini-2.5-flash-image-search",
        "gemini-2.5-flash-image",
        SEARCH,
    );
    check(
        "gemini-2.5-flash-search-image",
        "gemini-2.5-flash-image",
        SEARCH,
    );
}

#[test]
fn names_of_models_are_not_cut() {
    for name in [
        "gemini-2.5-flash-image",
        "gemini-2.5-flash-image-preview",
        "gemini-3.1-flash-image",
        "gemini-3.1-flash-lite-image",
        "gemini-3-pro-image-preview",
        "gemini-2.0-flash-exp-image-generation",
        "gemini-2.0-flash-thinking-exp",
        "gemini-2.0-flash-thinking-exp-01-21",
        "gemini-2.0-flash-thinking-exp-1219",
        "gemini-2.5-flash-preview-tts",
        "gemini-2.5-flash-lite-preview-09-2025",
        "gemini-flash-latest",
        "deep-research-pro-preview-12-2025",
        "nano-banana-2.1",
        "gemma-3-27b-it",
    ] {
        check(name, name, Features::default());
    }
}

#[test]
fn what_is_switched_off_is_part_of_the_name() {
    let suffixes = "thinking".parse().unwrap();
    let spec = ModelSpec::parse("gemini-2.5-flash-search-nothinking", suffixes).unwrap();
    assert_eq!(spec.name.as_str(), "gemini-2.5-flash-search");
    assert_eq!(spec.features, thinking(ThinkingOverride::Off));
    for name in [
        "gemini-2.5-flash-thinking-5",
        "gemini-2.0-flash-image",
        "a-low",
        "a-high",
    ] {
        let spec = ModelSpec::parse(name, Suffixes::NONE).unwrap();
        assert_eq!(
            (spec.name.as_str(), spec.features),
            (name, Features::default())
        );
    }
    for name in [
        "gemini-2.5-flash:search",
        "fake/gemini-2.5-flash",
        "假流式/gemini-2.5-flash",
    ] {
        assert!(ModelSpec::parse(name, Suffixes::NONE).is_err(), "{name}");
    }
}

#[test]
fn no_addition_lets_a_name_leave_the_path_u14() {
    let long = format!("gemini{}", "-search".repeat(40));
    for name in [
        "",
        "-search",
        ":search",
        "fake/",
        "models/-low",
        "gemini-2.5-flash:generateContent",
        "gemini-2.5-flash:generateContent:search",
        "x:search/../files:non-thinking",
        "gemini:thinking",
        "fake/../files",
        "anti-trunc/a/b",
        &long,
    ] {
        let error = ModelSpec::parse(name, Suffixes::all()).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("model"), "{name}");
    }
}

#[test]
fn contradictions_about_thinking_are_refused() {
    for name in [
        "gemini-3.8-flash-low-high",
        "gemini-3.8-flash-nothinking-thinking",
        "gemini-3.8-flash-thinking-1-thinking-2",
        "gemini-3.8-flash-thinking-99999999999",
    ] {
        let error = ModelSpec::parse(name, Suffixes::all()).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("model"), "{name}");
        assert!(error.message.contains("think"), "{error}");
    }
}
