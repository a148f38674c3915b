//! The wasmtime engine: how components are compiled, where their memory comes from, when they are interrupted.
//!
//! Runs nothing; `instance.rs` does.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::component::{Component, Linker};
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
};
use wasmtime_wasi_http::handler::ProxyPre;
use wasmtime_wasi_http::p3::bindings::ServicePre;

use crate::instance::InstanceState;
use crate::limits::InstanceLimits;
use crate::wasi;

/// Time between two epochs: how long a component computes before others get their turn.
pub const TICK: Duration = Duration::from_millis(10);

/// Core instances per component: the module, wit-component's shims, and room for an adapter each.
const CORE_INSTANCES_PER_COMPONENT: u32 = 16;
/// Memories per component: its own and those of adapters that are composed with it.
const MEMORIES_PER_COMPONENT: u32 = 4;
/// Tables per component: the module's, and one per shim.
const TABLES_PER_COMPONENT: u32 = 8;
/// Elements per table: function pointers of a Rust module; ours have some 3,000.
const TABLE_ELEMENTS: usize = 20_000;
/// Bytes of a freed memory that stay mapped and are zeroed by hand: the part that every request touches.
/// More would be paid as idle memory for every slot ever used.
const KEEP_RESIDENT_BYTES: usize = 512 * 1024;
/// Stacks of running calls; each instance runs one at a time, the rest wait without a stack of their own only
/// when they are not inside a host call, so count every request.
const STACKS_PER_INSTANCE: u32 = 16;

/// Makes the engine.
///
/// # Errors
///
/// If the cache folder cannot be made or the limits cannot be reserved.
pub fn engine(limits: &InstanceLimits, cache_dir: Option<&Path>) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    config.epoch_interruption(true);
    config.memory_init_cow(true);
    config.cache(Some(cache(cache_dir)?));
    let count = limits.max_instances;
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(count)
        .total_core_instances(count.saturating_mul(CORE_INSTANCES_PER_COMPONENT))
        .total_memories(count.saturating_mul(MEMORIES_PER_COMPONENT))
        .total_tables(count.saturating_mul(TABLES_PER_COMPONENT))
        .total_stacks(count.saturating_mul(STACKS_PER_INSTANCE))
        .max_memory_size(limits.memory_bytes())
        .table_elements(TABLE_ELEMENTS)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(TABLE_ELEMENTS)
        // Reuse warm slots before touching cold ones: idle memory follows the busiest moment, not the limit.
        .max_unused_warm_slots(1);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

fn cache(folder: Option<&Path>) -> wasmtime::Result<Cache> {
    let mut config = CacheConfig::new();
    if let Some(folder) = folder {
        // wasmtime takes absolute paths only.
        config.with_directory(std::path::absolute(folder)?);
    }
    Cache::new(config)
}

/// Compiles a component, or takes it from the cache, and resolves its imports.
///
/// # Errors
///
/// If the bytes are no component, or it imports or exports what this host does not know.
pub fn prepare(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<ProxyPre<InstanceState>> {
    let component = Component::from_binary(engine, bytes)?;
    let mut linker = Linker::new(engine);
    wasi::link(&mut linker)?;
    let pre = linker.instantiate_pre(&component)?;
    Ok(ProxyPre::P3(ServicePre::new(pre)?))
}

/// A thread that advances the engine's epoch. Dropping it ends the thread.
#[derive(Debug)]
pub struct Ticker {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts ticking.
    ///
    /// # Errors
    ///
    /// If no thread can be made.
    pub fn start(engine: &Engine) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let engine = engine.clone();
        let thread = std::thread::Builder::new()
            .name("gempool-epoch".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // It cannot panic; if it did, there is nothing left to stop.
            let _ = thread.join();
        }
    }
}
