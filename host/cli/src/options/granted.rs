//! The flags of grants.

use super::grants_file::{self, FromFile};
use clap::Args;
use datagrant::grants::{Grants, GrantsFile, PatternError, Right};

/// Grants, by a file and by flags.
#[derive(Debug, Args)]
pub struct Granted {
    /// What it may do, its limits and its sockets, from a file (TOML). Flags add to what the file allows and denies. A guest
    /// that runs gets what it says later by SIGHUP.
    #[arg(long = "grants", value_name = "FILE", value_parser = grants_file::parser(), help_heading = "Grants")]
    pub file: Option<FromFile>,

    /// Let it bind to this address.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = allowed(Right::Bind), help_heading = "Grants")]
    pub allow_bind: Vec<String>,

    /// Let it send to this address.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = allowed(Right::Send), help_heading = "Grants")]
    pub allow_send: Vec<String>,

    /// Let it send to this broadcast address.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = allowed(Right::Broadcast), help_heading = "Grants")]
    pub allow_broadcast: Vec<String>,

    /// Let it look up this name, `*.` and a name for every name under it, or `*` for all.
    #[arg(long, value_name = "NAME", value_parser = allowed(Right::Resolve), help_heading = "Grants")]
    pub allow_resolve: Vec<String>,

    /// Let it join this multicast group, on this interface, from this source.
    #[arg(long, value_name = "GROUP[@INTERFACE][ from SOURCE]", value_parser = allowed(Right::Join), help_heading = "Grants")]
    pub allow_join: Vec<String>,

    /// Never let it bind to this address.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = denied(Right::Bind), help_heading = "Grants")]
    pub deny_bind: Vec<String>,

    /// Never let it send to this address, not even a reply.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = denied(Right::Send), help_heading = "Grants")]
    pub deny_send: Vec<String>,

    /// Never let it look up this name.
    #[arg(long, value_name = "NAME", value_parser = denied(Right::Resolve), help_heading = "Grants")]
    pub deny_resolve: Vec<String>,

    /// Never let it send or connect to this broadcast address.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = denied(Right::Broadcast), help_heading = "Grants")]
    pub deny_broadcast: Vec<String>,

    /// Never let it join this multicast group.
    #[arg(long, value_name = "GROUP[@INTERFACE]", value_parser = denied(Right::Join), help_heading = "Grants")]
    pub deny_join: Vec<String>,
}

impl Granted {
    /// The grants that file and flags add up to.
    pub fn grants(&self) -> Result<Grants, PatternError> {
        self.grants_with(self.file.as_deref())
    }

    /// The grants that this file and the flags add up to.
    pub fn grants_with(&self, file: Option<&GrantsFile>) -> Result<Grants, PatternError> {
        let mut grants = file.map_or_else(Grants::new, |file| file.grants.clone());
        for (right, patterns) in [
            (Right::Bind, &self.allow_bind),
            (Right::Send, &self.allow_send),
            (Right::Broadcast, &self.allow_broadcast),
            (Right::Resolve, &self.allow_resolve),
            (Right::Join, &self.allow_join),
        ] {
            for pattern in patterns {
                grants.allow(right, pattern)?;
            }
        }
        for (right, patterns) in [
            (Right::Bind, &self.deny_bind),
            (Right::Send, &self.deny_send),
            (Right::Resolve, &self.deny_resolve),
            (Right::Broadcast, &self.deny_broadcast),
            (Right::Join, &self.deny_join),
        ] {
            for pattern in patterns {
                grants.deny(right, pattern)?;
            }
        }
        Ok(grants)
    }
}

/// A parser that lets clap name the flag of a pattern that is not understood.
pub fn allowed(right: Right) -> impl Fn(&str) -> Result<String, PatternError> + Clone + Send + Sync {
    move |pattern| Grants::new().allow(right, pattern).map(|_| pattern.to_owned())
}

fn denied(right: Right) -> impl Fn(&str) -> Result<String, PatternError> + Clone + Send + Sync {
    move |pattern| Grants::new().deny(right, pattern).map(|_| pattern.to_owned())
}
