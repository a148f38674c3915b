//! Claims about what each kind of store does to a call.

use super::*;
use crate::random::Chance;
use crate::world::{START_MS, Tracing};

const PATIENCE: Duration = Duration::from_millis(500);

/// Runs `script` with two ports on one store.
fn with_ports<T: 'static, F: Future<Output = T> + 'static>(
    seed: u64,
    temper: Temper,
    script: impl FnOnce(Port, Port, World, Store) -> F,
) -> T {
    let world = World::new(seed, Tracing::Off);
    let store = Store::new(&world, temper);
    let one = store.port(InstanceId(1), PATIENCE);
    let two = store.port(InstanceId(2), PATIENCE);
    world.run(script(one, two, world.clone(), store)).unwrap()
}

#[test]
fn a_strong_store_shows_everybody_what_was_written() {
    for seed in 0..20 {
        let (document, sum, gone) =
            with_ports(seed, Temper::strong(), |one, two, _, _| async move {
                one.set("gp1:a", b"x".to_vec()).await.unwrap();
                let document = two.get("gp1:a").await.unwrap();
                one.add("gp1:n:a", 2).await.unwrap();
                let sum = two.add("gp1:n:a", 3).await.unwrap();
                two.delete("gp1:a").await.unwrap();
                two.forget("gp1:n:a").await.unwrap();
                (document, sum, one.get("gp1:a").await.unwrap())
            });
        assert_eq!((document, sum, gone), (Some(b"x".to_vec()), 5, None));
    }
}

#[test]
fn a_stale_store_shows_the_past_and_not_more_of_it_than_it_may() {
    let temper = Temper {
        stale_ms: 30_000,
        ..Temper::strong()
    };
    let mut old = 0;
    for seed in 0..40 {
        let (soon, late) = with_ports(seed, temper.clone(), |one, two, world, _| async move {
            for version in 1..=3 {
                one.set("gp1:a", vec![version]).await.unwrap();
                world.sleep(5_000).await;
            }
            let soon = two.get("gp1:a").await.unwrap();
            world.sleep(30_000).await;
            (soon, two.get("gp1:a").await.unwrap())
        });
        old += usize::from(soon != Some(vec![3]));
        assert_eq!(late, Some(vec![3]), "seed {seed}");
    }
    assert!(old > 5, "{old} of 40 reads were old");
}

#[test]
fn a_slow_write_is_given_up_and_lands_later() {
    let temper = Temper {
        slow: Chance::per_mille(1_000),
        slow_ms: 5_000,
        ..Temper::strong()
    };
    let mut late = 0;
    for seed in 0..40 {
        late += with_ports(seed, temper.clone(), |one, _, world, store| async move {
            let begun = world.now();
            let written = one.set("gp1:a", b"x".to_vec()).await;
            assert!(world.now() - begun <= 500, "patience is kept");
            let landed_at_once = store.look("gp1:a").is_some();
            world.sleep(5_000).await;
            assert!(store.look("gp1:a").is_some());
            usize::from(written.is_err() && !landed_at_once)
        });
    }
    assert!(late > 10, "{late} of 40 writes landed after their writer");
}

#[test]
fn a_failed_write_may_have_been_applied_or_not() {
    let temper = Temper {
        failing: Chance::per_mille(1_000),
        ..Temper::strong()
    };
    let mut applied = 0;
    for seed in 0..40 {
        applied += with_ports(seed, temper.clone(), |one, _, world, _| async move {
            let failed = one.add("gp1:n:a", 1).await;
            assert!(failed.is_err());
            world.sleep(10).await;
            one.store
                .0
                .content
                .borrow_mut()
                .apply(&Call::Add("gp1:n:a".to_owned(), 0), world.now(), 0)
                .into_sum()
        });
    }
    assert!((10..30).contains(&applied), "{applied} of 40 were applied");
}

#[test]
fn a_lost_write_is_acknowledged_and_a_counter_is_never_lost() {
    let temper = Temper {
        losing: Chance::per_mille(1_000),
        ..Temper::strong()
    };
    let (document, sum) = with_ports(1, temper, |one, two, _, _| async move {
        one.set("gp1:a", b"x".to_vec()).await.unwrap();
        one.add("gp1:n:a", 2).await.unwrap();
        (
            two.get("gp1:a").await.unwrap(),
            two.add("gp1:n:a", 0).await.unwrap(),
        )
    });
    assert_eq!((document, sum), (None, 2));
}

#[test]
fn nothing_works_during_an_outage_and_everything_after_it() {
    let temper = Temper {
        outages: vec![Outage {
            from: START_MS,
            until: START_MS + 10_000,
        }],
        ..Temper::strong()
    };
    with_ports(1, temper, |one, _, world, store| async move {
        assert!(one.set("gp1:a", b"x".to_vec()).await.is_err());
        assert!(one.get("gp1:a").await.is_err());
        world.sleep(10_000).await;
        assert!(store.look("gp1:a").is_none());
        assert!(one.set("gp1:a", b"x".to_vec()).await.is_ok());
    });
}

#[test]
fn a_write_may_land_after_its_writer_crashed() {
    let mut landed = 0;
    for seed in 0..40 {
        landed += with_ports(seed, Temper::strong(), |one, _, world, store| async move {
            world.light_fuse(InstanceId(1), 2);
            let write = async move { one.set("gp1:a", b"x".to_vec()).await.is_ok() };
            let outcome = world.spawn_on(InstanceId(1), write).await;
            world.sleep(100).await;
            usize::from(outcome.is_err() && store.look("gp1:a").is_some())
        });
    }
    assert!(landed > 5, "{landed} of 40 writes landed without a writer");
}
