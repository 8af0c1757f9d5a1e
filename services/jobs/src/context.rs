//! What a handler gets to know, and what it can answer.

use std::convert::Infallible;

use apalis::prelude::{AbortError, BoxDynError, FromRequest, Task};
use serde_json::Value;
use tenancy::TenantSlug;

/// What a handler knows about the run it is in.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// The town the job belongs to; set by the database, so it can be trusted.
    pub tenant: TenantSlug,
    /// 1 for the first run.
    pub attempt: i32,
    /// The run with this number is the last.
    pub max_attempts: i32,
    /// The job's id; the same in every run.
    pub run_id: String,
}

/// Why a job did not get done. What is said here is kept with the job: ids, never personal data.
///
/// Not itself a `std::error::Error`, so that `?` makes a [`JobError::Retry`] of any error.
#[derive(Debug)]
pub enum JobError {
    /// Worth another try, after a pause that grows.
    Retry(anyhow::Error),
    /// No further run would do better.
    GiveUp(anyhow::Error),
}

/// The numbers of a run, as apalis has them.
#[derive(Clone, Debug)]
pub(crate) struct RunNumbers {
    attempt: usize,
    max_attempts: usize,
    id: String,
}

impl JobContext {
    /// Whether a failure now is final.
    pub fn is_last(&self) -> bool {
        self.attempt >= self.max_attempts
    }

    /// The run's numbers together with the town the payload names.
    pub(crate) fn read(numbers: RunNumbers, payload: &Value) -> Result<Self, JobError> {
        let role = payload.get("tenant").and_then(Value::as_str).unwrap_or_default();
        let tenant = TenantSlug::from_role(role)
            .ok_or_else(|| JobError::GiveUp(anyhow::anyhow!("the job names no town: its tenant is “{role}”")))?;
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        Ok(Self {
            tenant,
            attempt: number(numbers.attempt),
            max_attempts: number(numbers.max_attempts),
            run_id: numbers.id,
        })
    }
}

impl JobError {
    /// As apalis wants it: an `AbortError` is final, anything else is tried again.
    pub(crate) fn boxed(self) -> BoxDynError {
        match self {
            Self::Retry(error) => format!("{error:#}").into(),
            Self::GiveUp(error) => Box::new(AbortError::new(format!("{error:#}"))),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::Retry(error.into())
    }
}

impl FromRequest<Task<Value>> for RunNumbers {
    type Error = Infallible;

    async fn from_request(task: &Task<Value>) -> Result<Self, Infallible> {
        Ok(Self {
            attempt: task.attempt(),
            max_attempts: task.max_attempts().unwrap_or(1),
            id: task.task_id().map(ToString::to_string).unwrap_or_default(),
        })
    }
}
