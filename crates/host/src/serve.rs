//! `gempool serve`: puts the parts together, in the order in which they can fail.
//!
//! Everything that can be wrong with the command line, the configuration, the store or the components is found
//! before the first connection is accepted.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context as _;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::cli::{PlaceArgs, ServeArgs};
use crate::config::{ConfigFile, Settings};
use crate::demo::Demo;
use crate::engine::{self, Ticker};
use crate::lane::{Lane, Plan};
use crate::manifest::{Manifest, Part};
use crate::shutdown::{End, Signals};
use crate::upstream::origins::Origins;
use crate::variables::Variables;
use crate::{accept, components, master_key};

/// Connections that wait in the kernel; clients retry beyond that.
const BACKLOG: i32 = 1024;
/// The variable that `--upstream` overrides and that decides where calls may go.
pub(crate) const UPSTREAM_VARIABLE: &str = "gemini_base_url";
/// The variable in which the gateway looks for the key of what it stores.
pub(crate) const MASTER_KEY_VARIABLE: &str = "master_key";

/// Serves until told to stop.
///
/// # Errors
///
/// Whatever keeps it from serving.
pub fn run(args: &ServeArgs, place: &PlaceArgs) -> anyhow::Result<End> {
    let file = ConfigFile::read(place.config.as_deref())?;
    let settings = Settings::merge(args, place, &file)?;
    let manifest = Manifest::built_in()?;
    let bytes = Part::ALL.map(|part| components::load(part, &args.components));
    let [gateway, admin] = bytes;
    let (gateway, admin) = (gateway?, admin?);

    let demo = args
        .demo
        .then(Demo::start)
        .transpose()
        .context("cannot start the demo")?;
    let mut variables = variables(place, &file, &manifest, demo.as_ref())?;
    let origins = Origins::read(&manifest, &variables, UPSTREAM_VARIABLE)?;
    let store = settings.store.open()?;
    let key = master_key::find(
        variables.get(MASTER_KEY_VARIABLE).unwrap_or_default(),
        place.master_key_file.as_deref(),
        &settings.store,
    )?;
    variables.set(MASTER_KEY_VARIABLE, key);
    let listener =
        listen(&settings).with_context(|| format!("cannot listen on {}", settings.listen))?;
    let address = listener.local_addr()?;

    let engine = engine::engine(&args.limits.instance, args.components.cache_dir.as_deref())
        .map_err(|error| anyhow::anyhow!("cannot start wasmtime: {error:#}"))?;
    // Both at once: without a cache, compiling takes seconds.
    let prepare = |part: Part, bytes: &[u8]| {
        engine::prepare(&engine, bytes)
            .map_err(|error| anyhow::anyhow!("cannot use the {} component: {error:#}", part.name()))
    };
    let (gateway, admin) = std::thread::scope(|scope| {
        let admin = scope.spawn(|| prepare(Part::Admin, &admin));
        (prepare(Part::Gateway, &gateway), admin.join())
    });
    let gateway = gateway?;
    let admin = admin.unwrap_or_else(|_| Err(anyhow::anyhow!("compiling panicked")))?;

    let _ticker = Ticker::start(&engine)?;
    let limits = args.limits.clone();
    let routes = Arc::new(manifest.routes()?);
    let plan = Arc::new(Plan {
        engine,
        gateway: Arc::new(gateway),
        admin: Arc::new(admin),
        manifest,
        routes,
        variables,
        store,
        origins,
        requests: Arc::new(Semaphore::new(places(limits.client.max_requests))),
        instances: Arc::new(Semaphore::new(places(limits.instance.max_instances))),
        limits,
        epoch: epoch(),
    });
    let drain = CancellationToken::new();
    let threads = args.threads.map_or_else(cores, usize::from);
    let lanes = (0..threads)
        .map(|index| Lane::start(index, &plan, drain.clone()))
        .collect::<anyhow::Result<Vec<_>>>()?;

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let connections = Arc::new(Semaphore::new(places(plan.limits.client.max_connections)));
    let end = runtime.block_on(async {
        let signals = Signals::catch()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        announce(address, demo.is_some())?;
        tracing::info!(%address, threads, store = ?plan.store, "serving");
        serve(
            listener,
            lanes,
            connections,
            signals,
            drain,
            plan.limits.client.drain_ms,
        )
        .await
    });
    // A second signal, or the end of the time for draining, must not wait for what still runs.
    runtime.shutdown_background();
    end
}

/// Accepts until the first signal, then drains.
async fn serve(
    listener: tokio::net::TcpListener,
    lanes: Vec<Lane>,
    connections: Arc<Semaphore>,
    mut signals: Signals,
    drain: CancellationToken,
    most: Duration,
) -> anyhow::Result<End> {
    let accepting = accept::run(listener, &lanes, connections, drain.clone());
    tokio::select! {
        () = accepting => {}
        _ = signals.next() => {}
    }
    tracing::info!("draining");
    drain.cancel();
    let threads: Vec<_> = lanes.into_iter().map(Lane::close).collect();
    let ended = tokio::task::spawn_blocking(move || {
        for thread in threads {
            // A panic in it has been logged.
            let _ = thread.join();
        }
    });
    let end = tokio::select! {
        _ = ended => End::Drained,
        () = tokio::time::sleep(most) => {
            tracing::warn!("some requests did not end in time");
            End::Drained
        }
        signal = signals.next() => End::Forced(signal),
    };
    tracing::info!("stopped");
    Ok(end)
}

/// Gathers variables and lets `--upstream` and the demo override them.
pub(crate) fn variables(
    place: &PlaceArgs,
    file: &ConfigFile,
    manifest: &Manifest,
    demo: Option<&Demo>,
) -> anyhow::Result<Variables> {
    let environment = |name: &str| std::env::var(name).ok();
    let mut variables = Variables::gather(
        manifest.variables(),
        &file.variables,
        environment,
        &place.variables,
    )?;
    if demo.is_some() {
        Demo::configure(&mut variables);
    }
    let upstream = place.upstream.clone().or_else(|| demo.map(Demo::url));
    if let Some(upstream) = upstream {
        variables.set(UPSTREAM_VARIABLE, upstream);
    }
    Ok(variables)
}

fn listen(settings: &Settings) -> std::io::Result<TcpListener> {
    let socket = socket2::Socket::new(
        socket2::Domain::for_address(settings.listen),
        socket2::Type::STREAM,
        Some(socket2::Protocol::TCP),
    )?;
    // A restart must not wait for the old connections' last minute.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&settings.listen.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// The one line on standard output, which scripts wait for.
fn announce(address: std::net::SocketAddr, demo: bool) -> std::io::Result<()> {
    use std::io::Write as _;
    if demo {
        writeln!(std::io::stderr(), "{}", Demo::hint(address))?;
    }
    let mut out = std::io::stdout();
    writeln!(out, "gempool listening on http://{address}")?;
    out.flush()
}

fn places(count: u32) -> usize {
    usize::try_from(count)
        .unwrap_or(usize::MAX)
        .min(Semaphore::MAX_PERMITS)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Seconds since 1970, which differ from run to run.
#[expect(
    clippy::disallowed_methods,
    reason = "the host is where the clock is read; request ids need no more"
)]
fn epoch() -> u32 {
    let since = std::time::SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}
