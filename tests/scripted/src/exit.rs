//! An exit with a number. `std` is built for WASI 0.2.6, where there is only success and failure.

#[allow(missing_docs, reason = "generated")]
mod generated {
    wit_bindgen::generate!({
        inline: "
            package datagrant:scripted;
            world exits { import wasi:cli/exit@0.2.12; }
            package wasi:cli@0.2.12 {
                interface exit {
                    exit: func(status: result);
                    exit-with-code: func(status-code: u8);
                }
            }
        ",
        generate_all,
    });
}

pub fn exit(status: u8) -> ! {
    generated::wasi::cli::exit::exit_with_code(status);
    unreachable!("the host ends the program")
}
