//! Loss, by a packet filter.

use super::Host;
use std::process::Command;

/// Loses datagrams for as long as its host lives.
#[derive(Debug)]
pub struct Loss(Host);

impl Host {
    /// Loses UDP datagrams that arrive or are to be forwarded, each with this probability, from now on.
    #[track_caller]
    pub fn loses(&self, percent: u8) -> Loss {
        let rules = format!(
            "table inet loss {{
                chain arriving {{
                    type filter hook prerouting priority 0
                    meta l4proto udp numgen random mod 100 < {percent} counter drop
                }}
            }}"
        );
        self.nft(&["-f", "-"], &rules);
        Loss(self.clone())
    }

    #[track_caller]
    fn nft(&self, args: &[&str], input: &str) -> String {
        self.0.tell(Command::new("nft").args(args), input)
    }
}

impl Loss {
    /// How many were lost.
    #[track_caller]
    pub fn count(&self) -> u64 {
        let shown = self.0.nft(&["list", "table", "inet", "loss"], "");
        let count = shown.split("packets ").nth(1).and_then(|rest| rest.split(' ').next());
        count
            .and_then(|count| count.parse().ok())
            .unwrap_or_else(|| panic!("no counter: {shown}"))
    }
}
