//! What the operator says: `allow-send=10.0.0.0/8:53,deny-send=10.0.0.7:*`.

use crate::grants::{Grants, Right};

/// What is allowed and denied.
#[derive(Debug)]
pub struct Options {
    /// Where nothing is allowed by a pattern, everything is: the inner provider judges it anyway.
    pub grants: Grants,
    /// The same, with everything allowed that is not denied.
    pub denied_alone: Grants,
    /// Whether broadcasts are allowed that no pattern denies: there is no pattern for all of them.
    pub broadcasts: bool,
}

/// Patterns that cover all that there is of a right; of broadcasts there are none.
fn everything(right: Right) -> &'static [&'static str] {
    match right {
        Right::Bind => &[
            "0.0.0.0:0,1-65535 shared",
            "[::]:0,1-65535 shared",
            "224.0.0.0/4:0,1-65535 shared",
            "[ff00::/8]:0,1-65535 shared",
        ],
        Right::Send => &["0.0.0.0/0:*", "[::/0]:*", "224.0.0.0/4:*", "[ff00::/8]:*"],
        Right::Resolve => &["*"],
        Right::Join => &["224.0.0.0/4", "[ff00::/8]"],
        Right::Broadcast => &[],
    }
}

impl datagrant_middleware::options::Options for Options {
    fn read(options: &[(String, String)]) -> Result<Options, String> {
        let (mut grants, mut denied_alone) = (Grants::new(), Grants::new());
        for (name, pattern) in options {
            let right = |text: &str| text.parse::<Right>().ok();
            let problem = |error: crate::grants::PatternError| format!("{name}: {error}");
            match name.split_once('-').map(|(list, text)| (list, right(text))) {
                Some(("allow", Some(right))) => grants.allow(right, pattern).map(drop).map_err(problem)?,
                Some(("deny", Some(right))) => {
                    grants.deny(right, pattern).map_err(problem)?;
                    denied_alone.deny(right, pattern).map_err(problem)?;
                    if grants.denied(right).any(|pattern| pattern.host().zone().is_some()) {
                        return Err(format!(
                            "{name}={pattern} names an interface, and the system's choice of one is not known here: deny it \
                             without"
                        ));
                    }
                }
                _ => {
                    let rights = Right::ALL.map(Right::as_str).join(", ");
                    return Err(format!(
                        "there is no option {name}: they are allow- and deny- with one of {rights} behind, such as deny-send"
                    ));
                }
            }
        }
        let broadcasts = grants.allowed(Right::Broadcast).len() == 0;
        for right in Right::ALL {
            let all = grants.allowed(right).len() == 0;
            for pattern in everything(right) {
                let known = |_| format!("{pattern} is no pattern for {right}");
                if all {
                    grants.allow(right, pattern).map_err(known)?;
                }
                denied_alone.allow(right, pattern).map_err(known)?;
            }
        }
        Ok(Options {
            grants,
            denied_alone,
            broadcasts,
        })
    }
}

#[cfg(test)]
#[path = "tests/options.rs"]
mod tests;
