//! What was counted, kept beside the product: how much at least and at most the sums may be.

use std::collections::BTreeMap;
use std::ops::{AddAssign, Sub};

use crate::world::InstanceId;

/// Requests and tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) requests: u64,
    pub(crate) tokens: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.tokens = self.tokens.saturating_add(other.tokens);
    }
}

impl Sub for Count {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(other.requests),
            tokens: self.tokens.saturating_sub(other.tokens),
        }
    }
}

/// What is known of one subject: the pool, or a client.
#[derive(Clone, Debug, Default)]
struct Subject {
    recorded: Count,
    /// Not added when its instance crashed, or perhaps added.
    lost: Count,
    /// Added perhaps once more.
    doubted: Count,
    /// The largest sum of each day that any flush was told. Sums only grow, so it is the true one.
    told: BTreeMap<u32, Count>,
    instances: BTreeMap<InstanceId, OfInstance>,
}

#[derive(Clone, Copy, Debug, Default)]
struct OfInstance {
    recorded: Count,
    /// What had been recorded when the flush under way began.
    at_flush: Count,
    /// What has certainly been added.
    settled: Count,
}

/// All subjects, by number.
#[derive(Debug)]
pub(crate) struct Account(Vec<Subject>);

impl Account {
    pub(crate) fn new(subjects: usize) -> Self {
        Self(vec![Subject::default(); subjects])
    }

    pub(crate) fn record(&mut self, instance: InstanceId, subject: usize, count: Count) {
        if let Some(subject) = self.0.get_mut(subject) {
            subject.recorded += count;
            subject.instances.entry(instance).or_default().recorded += count;
        }
    }

    pub(crate) fn begin_flush(&mut self, instance: InstanceId) {
        for subject in &mut self.0 {
            let of = subject.instances.entry(instance).or_default();
            of.at_flush = of.recorded;
        }
    }

    /// A flush that worked has added all that there was when it began. One that failed may have added any part of it,
    /// and the next one adds it again.
    pub(crate) fn end_flush(&mut self, instance: InstanceId, worked: bool) {
        for subject in &mut self.0 {
            let of = subject.instances.entry(instance).or_default();
            if worked {
                of.settled = of.at_flush;
            } else {
                // What came during the flush may have gone along.
                subject.doubted += of.recorded - of.settled;
            }
        }
    }

    /// A flush was told the sum of a day.
    pub(crate) fn hear(&mut self, subject: usize, day: u32, sum: Count) {
        if let Some(subject) = self.0.get_mut(subject) {
            let told = subject.told.entry(day).or_default();
            told.requests = told.requests.max(sum.requests);
            told.tokens = told.tokens.max(sum.tokens);
        }
    }

    /// The sum of all days.
    pub(crate) fn told(&self, subject: usize) -> Count {
        let mut sum = Count::default();
        for told in self
            .0
            .get(subject)
            .into_iter()
            .flat_map(|it| it.told.values())
        {
            sum += *told;
        }
        sum
    }

    pub(crate) fn crash(&mut self, instance: InstanceId) {
        for subject in &mut self.0 {
            if let Some(of) = subject.instances.remove(&instance) {
                subject.lost += of.recorded - of.settled;
            }
        }
    }

    pub(crate) fn recorded(&self, subject: usize) -> Count {
        self.0
            .get(subject)
            .map_or_else(Count::default, |it| it.recorded)
    }

    pub(crate) fn lost(&self, subject: usize) -> Count {
        self.0
            .get(subject)
            .map_or_else(Count::default, |it| it.lost)
    }

    pub(crate) fn doubted(&self, subject: usize) -> Count {
        self.0
            .get(subject)
            .map_or_else(Count::default, |it| it.doubted)
    }
}
