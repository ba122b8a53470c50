//! An exception that nobody catches: the operator is told its message and where it was thrown, and the status is not 0.

use crate::provider::Provider;
use crate::subject::Built;
use datagrant_tests::Status;

pub fn tells(built: &Built, provider: Provider) -> Result<(), String> {
    let (is_success, told) = match provider {
        Provider::Native => {
            let ended = Provider::program(built.compiled()).arg("throw").output();
            (ended.status == Some(0), ended.stderr)
        }
        _ => {
            let outcome = provider.run(&built.component).arg("throw").run();
            // A trap and its frames are for the host to tell.
            let trap = match &outcome.status {
                Status::Failed(trap) => trap.as_str(),
                _ => "",
            };
            (outcome.status == Status::Exited(0), outcome.stderr + trap)
        }
    };
    if is_success {
        return Err(format!("its status is 0, and it told: {told}"));
    }
    match ["the reason that it gives", "deeper"]
        .iter()
        .find(|text| !told.contains(**text))
    {
        Some(text) => Err(format!("no {text:?} in what it told: {told}")),
        None => Ok(()),
    }
}
