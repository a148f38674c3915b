//! How long translation takes: requests of three sizes and a long stream, in every dialect.
//!
//! `cargo bench -p gempool-translate --bench translation`, on a machine that does nothing else. What
//! it takes in memory is `translation_memory`'s to say, because counting allocations slows them.

mod cases;

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};

use cases::{DIALECTS, STREAM_EVENTS};

fn requests(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("request");
    for dialect in &DIALECTS {
        for (kind, body) in dialect.requests() {
            let body = body();
            // A dialect may not know everything yet; what it refuses is not measured.
            if dialect.translate(&body).is_err() {
                continue;
            }
            group.throughput(Throughput::Bytes(body.len().try_into().unwrap_or(u64::MAX)));
            group.bench_with_input(
                BenchmarkId::new(dialect.name, kind),
                &body,
                |bencher, body| {
                    // The plan is dropped inside: giving its memory back is part of the cost.
                    bencher.iter(|| dialect.translate(black_box(body)));
                },
            );
        }
    }
    group.finish();
}

fn streams(criterion: &mut Criterion) {
    let upstream = cases::stream();
    let mut group = criterion.benchmark_group("stream");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(
        STREAM_EVENTS.try_into().unwrap_or(u64::MAX),
    ));
    for dialect in &DIALECTS {
        group.bench_function(BenchmarkId::new(dialect.name, "5000 events"), |bencher| {
            bencher.iter(|| dialect.translate_stream(black_box(&upstream)));
        });
    }
    group.finish();
}

criterion_group! {
    name = translation;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    targets = requests, streams
}
criterion_main!(translation);
