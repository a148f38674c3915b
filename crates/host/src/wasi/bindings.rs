//! Bindings generated from `wit/`.
//!
//! Every imported function of Spin's is concurrent: while one waits, the instance goes on with its other requests.
//! `increment` of `wasi:keyvalue` cannot be, by its type: the instance waits for it.

#![expect(missing_docs, reason = "generated code; the WIT files document it")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "gempool:host/imports",
    imports: {
        "wasi:keyvalue/atomics.increment": async | trappable,
        "wasi:keyvalue/store": trappable,
        default: store | trappable,
    },
    with: {
        "spin:key-value/key-value.store": super::key_value::OpenStore,
        "wasi:keyvalue/store.bucket": super::key_value::OpenStore,
    },
});
