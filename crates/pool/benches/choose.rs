//! How long a choice and its report take, by the number of keys: what 100,000 cost must be what 10 cost, within the
//! cost of looking at one page of them.
//!
//! `cargo bench -p gempool-pool`, on a machine that does nothing else.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use gempool_pool::{
    ApiKey, Attempt, Choice, CoolingCause, EgressIndex, Egresses, KeyId, KeySpec, Policy, Pool,
    Scope, Strategy, UnixMillis, Verdict, Wish,
};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const MODEL: &str = "gemini-2.5-flash";
const SIZES: [usize; 3] = [10, 1_000, 100_000];

fn pool(keys: usize, strategy: Strategy) -> Pool {
    let specs = (0..keys)
        .filter_map(|number| ApiKey::new(format!("AIzaSy-bench-{number:0>26}")).ok())
        .map(KeySpec::from);
    let policy = Policy {
        strategy,
        ..Policy::default()
    };
    Pool::with_keys(policy, specs.collect())
}

/// One request that succeeds.
fn serve(pool: &mut Pool, egresses: &mut Egresses, now: UnixMillis) {
    let wish = Wish {
        model: MODEL,
        ..Wish::default()
    };
    if let Choice::Key(selected) = pool.select(black_box(&wish), egresses, now, 7) {
        pool.record(
            &selected.attempt(MODEL),
            &Verdict::Success,
            egresses,
            now,
            7,
        );
    }
}

fn ready(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ready");
    for keys in SIZES {
        for strategy in [Strategy::Weighted, Strategy::Random] {
            let mut pool = pool(keys, strategy);
            let mut egresses = Egresses::default();
            group.bench_function(BenchmarkId::new(strategy.as_str(), keys), |bencher| {
                bencher.iter(|| serve(&mut pool, &mut egresses, NOW));
            });
        }
    }
    group.finish();
}

/// All keys but one in a hundred cool for the model.
fn mostly_cooling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mostly cooling");
    for keys in SIZES {
        let mut pool = pool(keys, Strategy::Weighted);
        let mut egresses = Egresses::default();
        serve(&mut pool, &mut egresses, NOW);
        let until = UnixMillis(NOW.0 + 3_600_000);
        let ids: Vec<KeyId> = pool.keys().map(KeyId::of).collect();
        for (number, id) in ids
            .into_iter()
            .enumerate()
            .filter(|(number, _)| number % 100 != 0)
        {
            let attempt = Attempt {
                id,
                egress: EgressIndex::default(),
                model: MODEL,
            };
            let verdict = Verdict::Cool {
                scope: Scope::Model,
                until,
                cause: CoolingCause::DayQuota,
            };
            let random = u64::try_from(number).unwrap_or(0);
            pool.record(&attempt, &verdict, &mut egresses, NOW, random);
        }
        group.bench_function(BenchmarkId::from_parameter(keys), |bencher| {
            bencher.iter(|| serve(&mut pool, &mut egresses, NOW));
        });
    }
    group.finish();
}

criterion_group!(benches, ready, mostly_cooling);
criterion_main!(benches);
