//! Fits a draft to a model for endpoints that make one kind of thing.
//!
//! Chat has a field for what an answer may consist of, and is refused by its name. Images and speech
//! have none: that a model does not make them is a matter of `model`.

use crate::{
    InvalidRequest, Target,
    prompt::{Assembled, Draft, assemble},
};

/// The field of chat that is blamed for what a model does not make.
const MODALITIES: &str = "modalities";

/// As [`assemble`], with `model` to blame for what it does not make.
///
/// # Errors
/// [`InvalidRequest`] for what the model cannot do.
pub(crate) fn assemble_for_model<'a>(
    draft: Draft<'a>,
    target: &Target<'a>,
) -> Result<Assembled<'a>, InvalidRequest> {
    assemble(draft, target).map_err(|refusal| blame_model(refusal.into()))
}

fn blame_model(mut error: InvalidRequest) -> InvalidRequest {
    if error.param.as_deref() == Some(MODALITIES) {
        error.message = error
            .message
            .replacen(&format!("`{MODALITIES}`"), "`model`", 1);
        error.param = Some("model".to_owned());
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invalid_request::{Code, Refusal};

    #[test]
    fn the_model_is_blamed_for_what_it_does_not_make() {
        for (path, param) in [("modalities", "model"), ("n", "n")] {
            let refusal = Refusal::new(Code::UnsupportedValue, path, "this model does not speak");
            let error = blame_model(refusal.into());
            assert_eq!(error.param.as_deref(), Some(param));
            let message = format!("`{param}`: this model does not speak");
            assert_eq!(error.message, message);
        }
    }
}
