//! Bindings generated from `wit/`.
//!
//! Every imported function is concurrent: while one waits, the instance goes on with its other requests.

#![expect(missing_docs, reason = "generated code; the WIT files document it")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "gempool:host/imports",
    imports: { default: store | trappable },
    with: {
        "spin:key-value/key-value.store": super::key_value::OpenStore,
    },
});
