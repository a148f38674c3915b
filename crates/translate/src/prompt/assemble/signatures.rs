//! Thought signatures on the parts that need one (§3).
//!
//! Gemini 3 refuses a call of its own that comes back without the signature it was made with, within
//! the turn that is going on. Clients lose signatures; what they lost may have been kept, and else
//! there is a documented stand-in. A signature that looks foreign is sent all the same: whether it is
//! valid only Gemini knows, and a refusal is tried once more without (§3.8).

use crate::{
    exchange::{Signing, Target},
    gemini::request::{Content, Data, Role},
    model::Signatures,
};

/// Tells Gemini not to look for a signature: Google's documented spelling, which is valid base64 by
/// itself (<https://ai.google.dev/gemini-api/docs/thought-signatures>, 2026-11-21; §3.6).
const STAND_IN: &str = "skip_thought_signature_validator";

/// What clients send that is no signature either: the other documented word, and both in base64.
const STAND_INS: [&str; 4] = [
    STAND_IN,
    "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=",
    "context_engineering_is_the_way_to_go",
    "Y29udGV4dF9lbmdpbmVlcmluZ19pc190aGVfd2F5X3RvX2dv",
];

/// Signs what the model wants signed, takes signatures from models that know none, and says whether
/// one is left that Gemini might refuse. Calls and results must be paired already.
///
/// A signature is the client's, else the one kept for the call's id, else the stand-in. With
/// [`Signing::Replaced`] it is the stand-in alone: every call that had a signature gets it, while
/// texts and images, which need none, lose theirs (§3.8).
pub(super) fn sign<'a>(
    contents: &mut [Content<'a>],
    wanted: Signatures,
    target: &Target<'a>,
) -> bool {
    let going_on = current_turn(contents);
    let mut signed = false;
    for (index, content) in contents.iter_mut().enumerate() {
        let mut first_call = true;
        for part in &mut content.parts {
            let given = part
                .thought_signature
                .take()
                .filter(|text| !text.is_empty());
            if wanted == Signatures::Unsupported || content.role == Role::User {
                continue;
            }
            let (is_call, kept) = match &part.data {
                Data::FunctionCall(call) => {
                    let kept = call.id.as_deref().and_then(|id| target.signatures.get(id));
                    (true, kept.map(|kept| kept.as_str().into()))
                }
                _ => (false, None),
            };
            let had_one = given.is_some();
            let signature = match target.signing {
                Signing::Kept => given.or(kept),
                Signing::Replaced => None,
            };
            // Of parallel calls only the first carries one (§3.1).
            let is_first_call = is_call && std::mem::take(&mut first_call);
            let needs_one = match wanted {
                Signatures::Unsupported | Signatures::Optional => false,
                // Earlier turns are not looked at (§3.2).
                Signatures::OnCalls => is_first_call && index >= going_on,
                Signatures::OnEveryPart => is_first_call || makes_content(&part.data),
            };
            let replaced = is_call && had_one && wanted != Signatures::Optional;
            signed |= signature
                .as_deref()
                .is_some_and(|signature| !STAND_INS.contains(&signature));
            part.thought_signature =
                signature.or_else(|| (needs_one || replaced).then(|| STAND_IN.into()));
        }
    }
    signed
}

/// Index of the first turn after the user last said something. Results are no saying, not even with a
/// text beside them: it is not documented whether Gemini starts a new turn there, and a stand-in too
/// many costs nothing.
fn current_turn(contents: &[Content<'_>]) -> usize {
    let last = contents.iter().rposition(|content| {
        let mut parts = content.parts.iter();
        content.role == Role::User
            && !parts.any(|part| matches!(part.data, Data::FunctionResponse(_)))
    });
    last.unwrap_or(0)
}

/// Texts and images, which image models sign one by one.
fn makes_content(data: &Data<'_>) -> bool {
    match data {
        Data::Text(text) => !text.is_empty(),
        Data::InlineData(_) | Data::InlineBytes(_) | Data::FileData(_) => true,
        Data::FunctionCall(_) | Data::FunctionResponse(_) => false,
    }
}

#[cfg(test)]
mod tests;
