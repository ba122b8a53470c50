//! The names of the metrics. docs/metrics.md is their page.

use metrics::{Unit, describe_counter, describe_gauge};

pub(crate) const RECEIVED_DATAGRAMS: &str = "datagrant_received_datagrams_total";
pub(crate) const RECEIVED_BYTES: &str = "datagrant_received_bytes_total";
pub(crate) const SENT_DATAGRAMS: &str = "datagrant_sent_datagrams_total";
pub(crate) const SENT_BYTES: &str = "datagrant_sent_bytes_total";
pub(crate) const DROPPED_DATAGRAMS: &str = "datagrant_dropped_datagrams_total";
pub(crate) const REFUSALS: &str = "datagrant_refusals_total";
pub(crate) const LIMITS_EXCEEDED: &str = "datagrant_limits_exceeded_total";
pub(crate) const OPEN_SOCKETS: &str = "datagrant_open_sockets";

/// Tells the recorder that is installed what the metrics are, for its help texts. They are counted by whatever recorder is
/// installed before the [`Traffic`](crate::Traffic) and the [`Quota`](crate::Quota) of a guest are made; without one they
/// cost next to nothing, and this does nothing.
///
/// | metric | labels |
/// |---|---|
/// | `datagrant_received_datagrams_total`, `datagrant_received_bytes_total` | those of the [`Traffic`](crate::Traffic) |
/// | `datagrant_sent_datagrams_total`, `datagrant_sent_bytes_total` | the same |
/// | `datagrant_dropped_datagrams_total` | the same |
/// | `datagrant_open_sockets` | the same |
/// | `datagrant_refusals_total` | the same, and `operation`, `verdict` (`denied` by the grants, `refused` by the kernel), `reason` |
/// | `datagrant_limits_exceeded_total` | `limit` |
pub fn describe_metrics() {
    let counters = [
        (RECEIVED_DATAGRAMS, "Datagrams that guests have taken."),
        (RECEIVED_BYTES, "Bytes of payload that guests have taken."),
        (SENT_DATAGRAMS, "Datagrams that the kernel took, segments one by one."),
        (SENT_BYTES, "Bytes of payload that the kernel took."),
        (
            DROPPED_DATAGRAMS,
            "Datagrams that the kernel dropped at a socket, mostly for want of room in its queue.",
        ),
        (
            REFUSALS,
            "Operations that were denied by the grants or refused by the kernel.",
        ),
        (LIMITS_EXCEEDED, "How often a limit was in the way."),
    ];
    for (name, what) in counters {
        describe_counter!(name, Unit::Count, what);
    }
    describe_gauge!(OPEN_SOCKETS, Unit::Count, "Sockets that guests have open.");
}
