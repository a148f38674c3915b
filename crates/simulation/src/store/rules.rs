//! What the weakest store allows: who breaks it works here and fails there.

use super::content::Call;

/// Longest name: a quarter of what the strictest of Spin's stores takes (255 bytes in Azure Cosmos DB,
/// <https://learn.microsoft.com/azure/cosmos-db/concepts-limits>, 2026-11).
const MAX_NAME_BYTES: usize = 64;

/// Largest document: the smallest limit of Spin's stores is 400 KB (`DynamoDB`,
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>, 2026-11).
const MAX_DOCUMENT_BYTES: usize = 64 * 1_024;

/// What everything of ours begins with, because some stores are shared with strangers.
const PREFIX: &str = "gp1:";

/// What names of counters go on with, and names of documents do not: a counter that is set breaks some stores.
const COUNTERS: &str = "gp1:n:";

/// The rule that this call breaks, if any.
pub(super) fn breach(call: &Call) -> Option<String> {
    let name = call.name();
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'.' | b':' | b'_' | b'-')
    };
    if name.len() > MAX_NAME_BYTES || !name.bytes().all(allowed) || !name.starts_with(PREFIX) {
        return Some(format!("no store takes this name: {call}"));
    }
    let counts = matches!(call, Call::Add(..) | Call::Forget(_));
    if counts != name.starts_with(COUNTERS) {
        return Some(format!("counter and document are mixed up: {call}"));
    }
    match call {
        Call::Set(_, document) if document.len() > MAX_DOCUMENT_BYTES => {
            Some(format!("too large a document: {call}"))
        }
        Call::Get(_) | Call::Set(..) | Call::Delete(_) | Call::Add(..) | Call::Forget(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn names_and_sizes_that_a_weaker_store_refuses_are_told() {
        let set = |name: &str, bytes| Call::Set(name.to_owned(), Rc::from(vec![0; bytes]));
        for (call, fine) in [
            (set("gp1:head", MAX_DOCUMENT_BYTES), true),
            (set("gp1:head", MAX_DOCUMENT_BYTES + 1), false),
            (set("head", 1), false),
            (set("gp1:Head", 1), false),
            (set("gp1:a/b", 1), false),
            (set(&format!("gp1:{}", "a".repeat(60)), 1), true),
            (set(&format!("gp1:{}", "a".repeat(61)), 1), false),
            (set("gp1:n:seq", 1), false),
            (Call::Add("gp1:n:seq".to_owned(), 1), true),
            (Call::Add("gp1:seq".to_owned(), 1), false),
        ] {
            assert_eq!(breach(&call).is_none(), fine, "{call}");
        }
    }
}
