//! Paths and what they lead to.

use super::*;

#[test]
fn every_route_is_found_by_its_own_path_and_method() {
    for route in Route::ALL {
        let path = route.example();
        assert_eq!(find(&route.method(), &path).unwrap().route, route);
    }
}

#[test]
fn only_health_is_open() {
    for route in Route::ALL {
        let open = route.access() == Access::Anyone;
        assert_eq!(open, route == Route::Health, "{route:?}");
    }
}

#[test]
fn look_alikes_of_a_path_are_unknown() {
    for path in [
        "/",
        "",
        "/v1",
        "/V1/models",
        "/v1//models",
        "/v1/models/",
        "/v1/models;a=b",
        "/v1/%6dodels",
        "/v1/../v1/models",
        "/v1/proxy/models",
        "/v1/models.",
        "\\v1\\models",
        "/v1/models/a/b",
        "/v1/models/..%2f",
        "/v1/models/a%2Fb",
        "/openai/openai/v1/models",
        "/openai/v1models",
        "/openai/health",
        "/hf/v1beta/models",
        "/v1beta",
        "/v1beta/",
        "/v1beta/modelsx",
        "/v1beta/models/",
        "/v1beta/models/a/b:generateContent",
        "/v1beta/models/a?b:generateContent",
        "/v1beta/files",
        "/gemini/v1/chat/completions",
        "/api/status",
    ] {
        assert!(
            matches!(find(&Method::GET, path), Err(Refusal::NotFound)),
            "{path}"
        );
    }
}

#[test]
fn other_systems_paths_lead_to_the_same_routes() {
    let post = [
        ("/openai/v1/chat/completions", Route::ChatCompletions),
        ("/hf/v1/chat/completions", Route::ChatCompletions),
        ("/api/chat/completions", Route::ChatCompletions),
        ("/chat/completions", Route::ChatCompletions),
        ("/hf/v1/images/generations", Route::ImageGenerations),
        ("/openai/v1/audio/speech", Route::Speech),
        ("/openai/v1/embeddings", Route::Embeddings),
        ("/anthropic/v1/messages", Route::Messages),
        (
            "/gemini/v1beta/models/m:streamGenerateContent",
            Route::Native,
        ),
        ("/gemini/v1/models/m:generateContent", Route::Native),
        ("/v1/models/m:generateContent", Route::Native),
        ("/v1alpha/models/m:countTokens", Route::Native),
    ];
    let get = [
        ("/api/models", Route::Models),
        ("/openai/v1/models", Route::Models),
        ("/hf/v1/models/gemini-2.5-flash", Route::Model),
        ("/gemini/v1beta/models", Route::NativeModels),
        ("/gemini/v1/models/m", Route::NativeModel),
    ];
    for (method, paths) in [(Method::POST, &post[..]), (Method::GET, &get[..])] {
        for (path, route) in paths {
            assert_eq!(find(&method, path).unwrap().route, *route, "{path}");
        }
    }
}

#[test]
fn a_path_names_the_model_and_the_method() {
    let rest = |path| find(&Method::POST, path).unwrap().rest;
    for path in [
        "/v1beta/models/m:countTokens",
        "/gemini/v1beta/models/m:countTokens",
        "/v1/models/m:countTokens",
    ] {
        assert_eq!(rest(path), "models/m:countTokens");
    }
    let model = find(&Method::GET, "/v1/models/gemini-2.5-flash").unwrap();
    assert_eq!(model.rest, "gemini-2.5-flash");
}

#[test]
fn an_unknown_path_is_refused_in_the_dialect_it_is_written_in() {
    for (path, dialect) in [
        ("/v1/unknown", Dialect::OpenAi),
        ("/v1/messages/batches", Dialect::Anthropic),
        ("/anthropic/v1/messages/batches", Dialect::Anthropic),
        ("/v1beta/tunedModels/a:generateContent", Dialect::Gemini),
        ("/gemini/v1beta/corpora", Dialect::Gemini),
    ] {
        assert_eq!(dialect_of(path), dialect, "{path}");
    }
}

#[test]
fn a_wrong_method_names_the_right_one() {
    let refusal = find(&Method::GET, "/v1/chat/completions").unwrap_err();
    assert!(matches!(refusal, Refusal::MethodNotAllowed { allowed } if allowed == Method::POST));
    let health = find(&Method::HEAD, "/health").unwrap();
    assert_eq!(health.route, Route::Health);
}
