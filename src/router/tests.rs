//! Paths and what they lead to.

use gempool_translate::native::{BatchOf, NativeMethod};

use super::*;

/// One path of each kind of route.
pub(crate) fn examples() -> Vec<(&'static str, Route<'static>)> {
    let call = NativeCall {
        model: "gemini-2.5-flash",
        method: NativeMethod::Generate,
    };
    let mut examples = ROUTES.to_vec();
    examples.extend([
        (
            "/v1/models/gemini-2.5-flash",
            Route::Model("gemini-2.5-flash"),
        ),
        ("/v1beta/models", Route::NativeModels),
        (
            "/v1beta/models/gemini-2.5-flash",
            Route::NativeModel("gemini-2.5-flash"),
        ),
        (
            "/v1beta/models/gemini-2.5-flash:generateContent",
            Route::Ask(Endpoint::Native(call)),
        ),
        (
            "/v1beta/files/abc",
            Route::Resource(ResourcePath::One(ResourceKind::File, "abc")),
        ),
        ("/upload/v1beta/files", Route::Upload),
    ]);
    examples
}

#[test]
fn every_route_is_found_by_its_own_path_and_method() {
    for (path, route) in examples() {
        for method in route.methods() {
            assert_eq!(find(method, path, Asker::Other).unwrap(), route);
        }
    }
}

#[test]
fn only_health_is_open() {
    for (path, route) in examples() {
        let open = route.access() == Access::Anyone;
        assert_eq!(open, route == Route::Health, "{path}");
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
        "/v1/files",
        "/v1/batches",
        "/v1beta/files/",
        "/v1beta/files/abc:download",
        "/v1beta/fileSearchStores/abc",
        "/v1beta/interactions",
        "/upload/v1beta",
        "/upload/v1beta/files/",
        "/upload/v1beta/fileSearchStores/abc:uploadToFileSearchStore",
        "/keycount/",
        "/gemini/keycount",
        "/gemini/v1/chat/completions",
        "/api/status",
        "/v1beta/models/m:deleteEverything",
        "/v1beta/tunedModels/a:generateContent",
    ] {
        assert!(
            matches!(
                find(&Method::GET, path, Asker::Other),
                Err(Refusal::NotFound)
            ),
            "{path}"
        );
    }
}

#[test]
fn other_systems_paths_lead_to_the_same_routes() {
    let post = [
        ("/openai/v1/chat/completions", Endpoint::ChatCompletions),
        ("/hf/v1/chat/completions", Endpoint::ChatCompletions),
        ("/api/chat/completions", Endpoint::ChatCompletions),
        ("/chat/completions", Endpoint::ChatCompletions),
        ("/hf/v1/images/generations", Endpoint::ImageGenerations),
        ("/openai/v1/audio/speech", Endpoint::Speech),
        ("/openai/v1/embeddings", Endpoint::Embeddings),
        ("/anthropic/v1/messages", Endpoint::Messages),
    ];
    for (path, endpoint) in post {
        let found = find(&Method::POST, path, Asker::Other).unwrap();
        assert_eq!(found, Route::Ask(endpoint), "{path}");
    }
    let get = [
        ("/api/models", Route::Models),
        ("/openai/v1/models", Route::Models),
        (
            "/hf/v1/models/gemini-2.5-flash",
            Route::Model("gemini-2.5-flash"),
        ),
        ("/gemini/v1beta/models", Route::NativeModels),
        ("/gemini/v1/models/m", Route::NativeModel("m")),
    ];
    for (path, route) in get {
        assert_eq!(
            find(&Method::GET, path, Asker::Other).unwrap(),
            route,
            "{path}"
        );
    }
}

#[test]
fn a_native_path_names_the_model_and_the_method_under_every_prefix() {
    let call = NativeCall {
        model: "gemini-3.8-flash:search",
        method: NativeMethod::CountTokens,
    };
    for path in [
        "/v1beta/models/gemini-3.8-flash:search:countTokens",
        "/v1alpha/models/gemini-3.8-flash:search:countTokens",
        "/gemini/v1beta/models/gemini-3.8-flash:search:countTokens",
        "/gemini/v1/models/gemini-3.8-flash:search:countTokens",
        "/v1/models/gemini-3.8-flash:search:countTokens",
    ] {
        let found = find(&Method::POST, path, Asker::Other).unwrap();
        assert_eq!(found, Route::Ask(Endpoint::Native(call)), "{path}");
    }
}

#[test]
fn resources_have_the_paths_and_methods_of_googles_api_under_every_prefix() {
    let file = Route::Resource(ResourcePath::One(ResourceKind::File, "abc"));
    let caches = Route::Resource(ResourcePath::All(ResourceKind::CachedContent));
    let cache = Route::Resource(ResourcePath::One(ResourceKind::CachedContent, "c"));
    let batches = Route::Resource(ResourcePath::All(ResourceKind::Batch));
    let start = Route::Resource(ResourcePath::StartBatch {
        model: "m",
        of: BatchOf::Generate,
    });
    let cancel = Route::Resource(ResourcePath::CancelBatch("b"));
    for (methods, path, route) in [
        ("GET DELETE", "/v1beta/files/abc", file),
        ("GET DELETE", "/v1alpha/files/abc", file),
        ("GET DELETE", "/gemini/v1beta/files/abc", file),
        ("GET DELETE", "/gemini/v1/files/abc", file),
        ("GET POST", "/v1beta/cachedContents", caches),
        ("GET POST", "/v1/cachedContents", caches),
        ("GET PATCH DELETE", "/v1beta/cachedContents/c", cache),
        ("GET", "/gemini/v1beta/batches", batches),
        ("POST", "/v1beta/models/m:batchGenerateContent", start),
        ("POST", "/v1/models/m:batchGenerateContent", start),
        ("POST", "/v1beta/batches/b:cancel", cancel),
        ("POST PUT", "/upload/v1beta/files", Route::Upload),
        ("POST PUT", "/upload/v1alpha/files", Route::Upload),
        ("POST PUT", "/upload/v1/files", Route::Upload),
        ("POST PUT", "/gemini/upload/v1beta/files", Route::Upload),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let found = find(&method.parse().unwrap(), path, Asker::Other);
            if methods.split(' ').any(|known| known == method) {
                assert_eq!(found.unwrap(), route, "{method} {path}");
            } else {
                let refused = matches!(found, Err(Refusal::MethodNotAllowed { .. }));
                assert!(refused, "{method} {path}");
            }
        }
    }
}

#[test]
fn files_and_batches_below_v1_are_googles_for_googles_clients_only() {
    let files = Route::Resource(ResourcePath::All(ResourceKind::File));
    let batch = Route::Resource(ResourcePath::One(ResourceKind::Batch, "b"));
    for (path, route) in [("/v1/files", files), ("/v1/batches/b", batch)] {
        assert_eq!(find(&Method::GET, path, Asker::Google).unwrap(), route);
        let other = find(&Method::GET, path, Asker::Other);
        assert!(matches!(other, Err(Refusal::NotFound)), "{path}");
    }
}

#[test]
fn errors_have_the_shape_that_the_paths_client_reads_also_on_unknown_paths() {
    let gemini = ErrorShape::Of(Dialect::Gemini);
    for (uri, shape) in [
        ("/v1/unknown", ErrorShape::Of(Dialect::OpenAi)),
        ("/v1/messages/batches", ErrorShape::Of(Dialect::Anthropic)),
        (
            "/anthropic/v1/messages?beta=true",
            ErrorShape::Of(Dialect::Anthropic),
        ),
        ("/v1beta/tunedModels/a:generateContent", gemini),
        ("/gemini/v1beta/corpora", gemini),
        ("/v1beta/files/abc", gemini),
        ("/upload/v1beta/files?upload_id=x", gemini),
        ("/keycount", ErrorShape::Of(Dialect::OpenAi)),
        ("/v1/files", ErrorShape::Of(Dialect::OpenAi)),
        ("/v1beta/models/m:streamGenerateContent?alt=xml", gemini),
        (
            "/v1beta/models/m:generateContent",
            ErrorShape::Native(Framing::Whole),
        ),
        (
            "/v1beta/models/m:streamGenerateContent?alt=sse",
            ErrorShape::Native(Framing::Events),
        ),
        (
            "/gemini/v1beta/models/m:streamGenerateContent",
            ErrorShape::Native(Framing::Array),
        ),
    ] {
        assert_eq!(
            error_shape(&uri.parse().unwrap(), Asker::Other),
            shape,
            "{uri}"
        );
    }
}

#[test]
fn a_wrong_method_names_the_right_one() {
    let refusal = find(&Method::GET, "/v1/chat/completions", Asker::Other).unwrap_err();
    assert!(matches!(refusal, Refusal::MethodNotAllowed { allowed } if allowed == [Method::POST]));
    assert_eq!(
        find(&Method::HEAD, "/health", Asker::Other).unwrap(),
        Route::Health
    );
}
