//! The program `checks`: all its checks in one run.

use crate::CHECKS;
use crate::provider::Provider;
use crate::subject::Built;
use datagrant_tests::Status;

/// What it printed, and how it ended.
pub struct Lines {
    stdout: String,
    ended: Result<i32, String>,
}

pub fn run(built: &Built, provider: Provider) -> Lines {
    match provider {
        Provider::Native => {
            let ended = Provider::program(built.compiled()).output();
            let status = ended.status.unwrap_or(-1);
            let told = ended.stderr.trim();
            Lines {
                stdout: ended.stdout,
                ended: match status {
                    0 | 1 => Ok(status),
                    _ => Err(format!("it ended with {status}, and: {told}")),
                },
            }
        }
        _ => {
            let outcome = provider.run(&built.component).run();
            let told = outcome.stderr.trim();
            Lines {
                ended: match outcome.status {
                    Status::Exited(status) => Ok(status),
                    status => Err(format!("it ended with {status:?}, and: {told}")),
                },
                stdout: outcome.stdout,
            }
        }
    }
}

impl Lines {
    /// How this one ended.
    pub fn of(&self, check: &str) -> Result<(), String> {
        if check == "status" {
            return self.status();
        }
        let mut lines = self
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix(check)?.strip_prefix(' '));
        match (lines.next(), lines.next()) {
            (Some("ok"), None) => Ok(()),
            (Some(line), None) => Err(line.strip_prefix("failed: ").unwrap_or(line).to_owned()),
            (Some(_), Some(_)) => Err("it has two lines".to_owned()),
            (None, _) => Err(match &self.ended {
                Ok(status) => format!("it has no line, and the program ended with {status}"),
                Err(problem) => problem.clone(),
            }),
        }
    }

    /// 0 when all were ok, 1 otherwise; a line for each of them, in order.
    fn status(&self) -> Result<(), String> {
        let status = self.ended.clone()?;
        let names: Vec<&str> = self.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
        if names != CHECKS {
            return Err(format!(
                "its lines are not those of the checks, in their order: {names:?}"
            ));
        }
        let expected = i32::from(!self.stdout.lines().all(|line| line.ends_with(" ok")));
        match status == expected {
            true => Ok(()),
            false => Err(format!("its status is {status} and should be {expected}")),
        }
    }
}
