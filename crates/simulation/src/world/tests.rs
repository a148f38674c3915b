//! Claims about virtual time, crashes and stalls.

use super::*;

fn world(seed: u64) -> World {
    World::new(seed, Tracing::On)
}

/// Three tasks of three steps each, as the seed orders them.
fn order(seed: u64) -> Vec<u32> {
    let world = world(seed);
    let steps = Rc::new(RefCell::new(Vec::new()));
    for task in 0..3 {
        let (inside, steps) = (world.clone(), Rc::clone(&steps));
        world.spawn(async move {
            for _ in 0..3 {
                inside.pause().await;
                steps.borrow_mut().push(task);
            }
        });
    }
    let clock = world.clone();
    world.run(async move { clock.sleep(1).await }).unwrap();
    steps.take()
}

#[test]
fn the_same_seed_runs_the_same_way_and_others_run_others() {
    assert_eq!(order(1), order(1));
    let ways: std::collections::BTreeSet<Vec<u32>> = (0..50).map(order).collect();
    assert!(ways.len() > 30, "{} ways", ways.len());
}

#[test]
fn a_year_takes_no_time_and_comes_in_order() {
    let world = world(1);
    let inside = world.clone();
    let elapsed = world.run(async move {
        let hour = inside.sleep(3_600_000);
        inside.sleep(5).await;
        let first = inside.now();
        hour.await;
        (first - START_MS, inside.now() - START_MS)
    });
    assert_eq!(elapsed, Ok((5, 3_600_000)));
}

#[test]
fn a_crash_ends_every_task_of_one_instance_and_none_of_another() {
    for seed in 0..50 {
        let world = world(seed);
        let inside = world.clone();
        let (first, second) = (InstanceId(1), InstanceId(2));
        let ends = world.run(async move {
            let count = |clock: World| async move {
                for _ in 0..10 {
                    clock.sleep(1).await;
                }
            };
            inside.light_fuse(first, 7);
            let one = inside.spawn_on(first, count(inside.clone()));
            let two = inside.spawn_on(first, count(inside.clone()));
            let three = inside.spawn_on(second, count(inside.clone()));
            (one.await.is_ok(), two.await.is_ok(), three.await.is_ok())
        });
        assert_eq!(ends, Ok((false, false, true)), "seed {seed}");
        assert!(world.trace().iter().any(|line| line.contains("crashes")));
    }
}

#[test]
fn who_stands_still_goes_on_later() {
    let world = world(3);
    world.stall(Chance::per_mille(500), 60_000);
    let inside = world.clone();
    let late = world.run(async move {
        let clock = inside.clone();
        let work = async move {
            for _ in 0..20 {
                clock.sleep(1).await;
            }
            clock.now()
        };
        inside.spawn_on(InstanceId(1), work).await
    });
    assert!(late.unwrap().unwrap() > START_MS + 20_000);
}

#[test]
fn a_run_that_cannot_end_says_so() {
    assert_eq!(
        world(1).run(std::future::pending::<()>()),
        Err(Stuck::ForEver)
    );
    let clock = world(1);
    let inside = clock.clone();
    let waits: Result<(), Stuck> = clock.run(async move {
        while inside.now() > 0 {
            inside.sleep(86_400_000).await;
        }
    });
    assert_eq!(waits, Err(Stuck::TooLong));
}
