//! What becomes of a native request's parameters, for the compatibility page.

use crate::compatibility::Parameter;

const NOT_PASSED_ON: &str = "never passed on to Google; the answer is right without it";

/// Of the query (with `?`), then of the body.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::translated(
        "?alt",
        "`sse`: a stream of events; `json` or none: one JSON array; anything else is refused. Google is \
         always asked for events",
    ),
    Parameter::translated("?$alt", "as `?alt`"),
    Parameter::ignored(
        "?key",
        "no parameter but a credential: read with the other credentials, where that is switched on",
    ),
    Parameter::ignored("?fields", NOT_PASSED_ON),
    Parameter::ignored("?prettyPrint", NOT_PASSED_ON),
    Parameter::ignored("?callback", NOT_PASSED_ON),
    Parameter::ignored("?quotaUser", NOT_PASSED_ON),
    Parameter::translated(
        "store",
        "`store`; when generating it is `false` where the client says nothing or `null`, because Google \
         keeps prompts and answers otherwise",
    ),
    Parameter::translated(
        "model",
        "`model`: the model of the path, where it is named as the path names it and that is an alias; \
         so also `requests[].model` and `generateContentRequest.model`",
    ),
    Parameter::translated(
        "everything else",
        "itself, byte for byte: Google judges it, not gempool",
    ),
];

/// The same of requests about files, caches and batches; headers by their names.
pub const RESOURCE_PARAMETERS: &[Parameter] = &[
    Parameter::translated(
        "?pageSize",
        "`pageSize`, at most 100; 50 where it is missing",
    ),
    Parameter::translated(
        "?pageToken",
        "which of the client's keys, and Google's token for that one's list",
    ),
    Parameter::translated("?updateMask", "`updateMask`"),
    Parameter::translated(
        "?upload_id",
        "`upload_id`, for the key that began the upload",
    ),
    Parameter::ignored("?uploadType", "`x-goog-upload-protocol` says it"),
    Parameter::translated(
        "x-goog-upload-*",
        "`protocol`, `command`, `offset`, `file-name`, `header-content-length` and `header-content-type`, \
         each where its step needs it; a value that Google does not document is refused",
    ),
    Parameter::translated(
        "batch.inputConfig.requests.requests[].request.store",
        "as `store` of a single request; out of reach for requests in a file",
    ),
    Parameter::translated(
        "everything else",
        "itself, byte for byte: Google judges it, not gempool",
    ),
];
