//! Names and indexes of interfaces: `lo` is named by a grant, and nothing else is.

use datagrant_conformance::bindings::types::ErrorCode;
use datagrant_conformance::bindings::zones;
use datagrant_conformance::*;

checks!(what_a_grant_names_is_shown, anything_else_looks_as_if_it_did_not_exist);

fn what_a_grant_names_is_shown() {
    if differs(Difference::NoZones) {
        assert_eq!(zones::index("lo"), Err(ErrorCode::NotSupported));
        assert_eq!(zones::name(1), Err(ErrorCode::NotSupported));
        return;
    }
    let index = zones::index("lo").expect("lo");
    assert_eq!(zones::name(index).as_deref(), Ok("lo"));
}

fn anything_else_looks_as_if_it_did_not_exist() {
    let expected = if differs(Difference::NoZones) {
        ErrorCode::NotSupported
    } else {
        ErrorCode::NoSuchInterface
    };
    for name in ["", "missing", "lo:1", "lo ", "a name longer than any", "l\0"] {
        assert_eq!(zones::index(name), Err(expected), "{name}");
    }
    for index in [0, 999_999, u32::MAX] {
        assert_eq!(zones::name(index), Err(expected), "{index}");
    }
}
