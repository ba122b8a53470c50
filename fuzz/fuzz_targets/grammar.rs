#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| datagrant_fuzz::bodies::grammar(data));
