//! Every route of the gateway in one exhaustive table: path, method, who may call it.
//!
//! The path is the one that the host handed over, compared as it is: nothing is decoded, joined or
//! normalized, so that a gate and a handler can never disagree about it.

use http::Method;

use crate::refusal::Refusal;

/// An endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `POST /v1/chat/completions`
    ChatCompletions,
    /// `GET /v1/models`
    Models,
    /// `GET /v1/status`
    Status,
    /// `GET /health`
    Health,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No credential is looked at.
    Anyone,
    /// One of the pool's client keys.
    ClientKey,
}

impl Route {
    /// Every route there is.
    pub const ALL: [Self; 4] = [
        Self::ChatCompletions,
        Self::Models,
        Self::Status,
        Self::Health,
    ];

    /// The path, exactly.
    pub fn path(self) -> &'static str {
        match self {
            Self::ChatCompletions => "/v1/chat/completions",
            Self::Models => "/v1/models",
            Self::Status => "/v1/status",
            Self::Health => "/health",
        }
    }

    /// The method; a route for `GET` answers `HEAD`, too.
    pub fn method(self) -> Method {
        match self {
            Self::ChatCompletions => Method::POST,
            Self::Models | Self::Status | Self::Health => Method::GET,
        }
    }

    /// Who may call it. Only `/health` is open: it tells nothing about keys and spends none.
    pub fn access(self) -> Access {
        match self {
            Self::ChatCompletions | Self::Models | Self::Status => Access::ClientKey,
            Self::Health => Access::Anyone,
        }
    }
}

/// The route for `method` and `path`.
///
/// # Errors
/// Unknown path, or a known one with another method.
pub fn find(method: &Method, path: &str) -> Result<Route, Refusal> {
    let route = Route::ALL
        .into_iter()
        .find(|route| route.path() == path)
        .ok_or(Refusal::NotFound)?;
    let allowed = route.method();
    if *method == allowed || (allowed == Method::GET && *method == Method::HEAD) {
        Ok(route)
    } else {
        Err(Refusal::MethodNotAllowed { allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_by_its_own_path_and_method() {
        for route in Route::ALL {
            assert_eq!(find(&route.method(), route.path()).unwrap(), route);
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
        ] {
            assert!(
                matches!(find(&Method::GET, path), Err(Refusal::NotFound)),
                "{path}"
            );
        }
    }

    #[test]
    fn a_wrong_method_names_the_right_one() {
        let refusal = find(&Method::GET, "/v1/chat/completions").unwrap_err();
        assert!(
            matches!(refusal, Refusal::MethodNotAllowed { allowed } if allowed == Method::POST)
        );
        assert_eq!(find(&Method::HEAD, "/health").unwrap(), Route::Health);
    }
}
