//! Binds to port 0.

use super::bind::assert_bind;
use super::*;

fn within(ranges: &[std::ops::RangeInclusive<u16>]) -> Ports {
    Ports::Within(PortSet::from_ranges(ranges.iter().cloned()))
}

#[test]
fn with_port_0_the_reuse_flag_is_dropped() {
    let grants = grants("allow bind 127.0.0.1:0 shared");
    let reuse = Bind {
        reuse: true,
        ..bind("127.0.0.1:0")
    };
    assert_bind(&grants, &reuse, Ports::Kernel, false);
}

#[test]
fn port_0_is_picked_by_the_kernel_or_within_what_is_granted() {
    let one = grants("allow bind 127.0.0.1:5000-5002,6000");
    assert_bind(&one, &bind("127.0.0.1:0"), within(&[5000..=5002, 6000..=6000]), false);
    let two = grants("allow bind 127.0.0.1:5000\n allow bind @loopback:5001");
    assert_bind(&two, &bind("127.0.0.1:0"), within(&[5000..=5001]), false);
    let three = grants("allow bind 127.0.0.1:5000\n allow bind 127.0.0.1:0");
    assert_bind(&three, &bind("127.0.0.1:0"), Ports::Kernel, false);
    assert!(
        decide(&three, &bind("127.0.0.1:40000")).is_err(),
        "a :0 pattern gives no port by number"
    );
}

#[test]
fn denied_ports_are_taken_out_of_what_port_0_may_get() {
    let some = grants("allow bind 127.0.0.1:5000-5009\n deny bind 127.0.0.0/8:5003");
    assert_bind(&some, &bind("127.0.0.1:0"), within(&[5000..=5002, 5004..=5009]), false);
    let kernel = grants("allow bind 0.0.0.0:0\n deny bind 10.0.0.7:40000");
    assert_bind(
        &kernel,
        &bind("0.0.0.0:0"),
        within(&[32768..=39999, 40001..=60999]),
        false,
    );
    assert_bind(&kernel, &bind("127.0.0.1:0"), Ports::Kernel, false);
    let none = grants("allow bind 127.0.0.1:5000-5009\n deny bind 127.0.0.1:5000-6000");
    assert_denied(
        &none,
        &bind("127.0.0.1:0"),
        "bind 127.0.0.1:0: denied (deny bind 127.0.0.1:5000-6000)",
        &[],
    );
    let all = grants("allow bind 0.0.0.0:0\n deny bind 10.0.0.7:*");
    assert_denied(
        &all,
        &bind("0.0.0.0:0"),
        "bind 0.0.0.0:0: the wildcard overlaps a denied address (deny bind 10.0.0.7:*)",
        &[],
    );
    let zero = grants("allow bind 127.0.0.1:0\n deny bind 127.0.0.1:0");
    assert_denied(
        &zero,
        &bind("127.0.0.1:0"),
        "bind 127.0.0.1:0: denied (deny bind 127.0.0.1:0)",
        &[],
    );
}

#[test]
fn a_dual_stack_wildcard_at_port_0_gets_what_both_families_grant() {
    let request = dual_stack("[::]:0");
    let kernel = grants("allow bind [::]:0\n allow bind 0.0.0.0:0");
    assert_bind(&kernel, &request, Ports::Kernel, false);
    let mixed = grants("allow bind [::]:0\n allow bind 0.0.0.0:53,40000-40001");
    assert_bind(&mixed, &request, within(&[40000..=40001]), false);
    let sets = grants("allow bind [::]:53-60\n allow bind 0.0.0.0:58-70\n deny bind 10.0.0.7:59");
    assert_bind(&sets, &request, within(&[58..=58, 60..=60]), false);
    let apart = grants("allow bind [::]:53\n allow bind 0.0.0.0:54");
    assert_bind(&apart, &request, within(&[53..=53]), true);
    let v6 = grants("allow bind [::]:0\n deny bind 0.0.0.0:*");
    assert_bind(&v6, &request, Ports::Kernel, true);
    let denied = grants("allow bind [::]:0\n allow bind 0.0.0.0:0\n deny bind 0.0.0.0:*");
    assert_denied(&denied, &request, "bind [::]:0: denied (deny bind 0.0.0.0:*)", &[]);
}
