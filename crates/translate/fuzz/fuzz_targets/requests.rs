//! Bodies of clients, in the dialect of the first byte: refused with a reason, or planned as JSON.

#![no_main]

use gempool_translate_fuzz::{check_plans, dialect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((dialect, body)) = dialect(data) else {
        return;
    };
    match (dialect.read)(body) {
        Ok(exchange) => {
            let _ = (
                exchange.model(),
                exchange.streams(),
                exchange.unsigned_calls(),
            );
            check_plans(&*exchange);
        }
        Err(refusal) => assert!(!refusal.message.is_empty()),
    }
});
