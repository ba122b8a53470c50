//! Components that the program makes itself: the options of a middleware, and the pump.

use crate::componentize::world;
use anyhow::Result;
use std::fmt::Write;
use wit_component::ComponentEncoder;

const OPTIONS: &str = include_str!("../../../../guest/middleware/wit/options.wit");
/// The world of a component that knows options.
const KNOWS_OPTIONS: &str = "package datagrant:known; world options { export datagrant:middleware/options@0.1.0; }";

const PUMP: &str = include_str!("pump.wat");
const PUMP_WORLD: [&str; 3] = [
    include_str!("stderr.wit"),
    include_str!("cli.wit"),
    include_str!("pump.wit"),
];

/// The component that makes a command of a service.
pub fn pump() -> Result<Vec<u8>> {
    component(&wat::parse_str(PUMP)?, &PUMP_WORLD, "pump")
}

/// A component that exports `datagrant:middleware/options`, and answers these.
pub fn options(options: &[(String, String)]) -> Result<Vec<u8>> {
    component(&wat::parse_str(knowing(options))?, &[OPTIONS, KNOWS_OPTIONS], "options")
}

fn component(module: &[u8], sources: &[&str], world: &str) -> Result<Vec<u8>> {
    let mut module = module.to_vec();
    world::beside_the_contract(sources, world)?.embed(&mut module)?;
    ComponentEncoder::default().module(&module)?.validate(true).encode()
}

/// A module whose memory holds the answer: at 8 the list, then its pairs, then their texts.
fn knowing(options: &[(String, String)]) -> String {
    const PAIRS: usize = 16;
    const PAIR: usize = 16;
    let mut memory = vec![];
    let number = |number: usize| (number as u32).to_le_bytes();
    memory.extend([number(PAIRS), number(options.len())].concat());
    let mut text_at = PAIRS + PAIR * options.len();
    let texts: Vec<&str> = options.iter().flat_map(|(name, value)| [&**name, &**value]).collect();
    for text in &texts {
        memory.extend([number(text_at), number(text.len())].concat());
        text_at += text.len();
    }
    memory.extend(texts.concat().bytes());
    let data = memory.iter().fold(String::new(), |mut data, byte| {
        write!(data, "\\{byte:02x}").expect("a String takes it");
        data
    });
    let pages = text_at.div_ceil(1 << 16);
    format!(
        r#"(module
             (memory (export "memory") {pages})
             (data (i32.const 8) "{data}")
             (func (export "datagrant:middleware/options@0.1.0#get") (result i32) (i32.const 8)))"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Shape;

    #[test]
    fn the_pump_is_a_component_of_its_world() {
        let shape = Shape::read(&pump().unwrap()).unwrap();
        assert_eq!(shape.exports, ["wasi:cli/run@0.2.0"]);
        let imports: Vec<&str> = shape.imports.iter().map(|import| &*import.name).collect();
        assert!(imports.contains(&"datagrant:dgram/wait@0.1.0"), "{imports:?}");
        assert!(imports.contains(&"datagrant:dgram/handler@0.1.0"), "{imports:?}");
    }

    #[test]
    fn options_are_a_component_that_imports_nothing_whatever_is_in_them() {
        let nasty = [("loss", "10%"), ("", "\"\\\0\n"), ("größe", "ß")];
        for options_ in [
            vec![],
            nasty.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        ] {
            let shape = Shape::read(&options(&options_).unwrap()).unwrap();
            assert_eq!(shape.exports, ["datagrant:middleware/options@0.1.0"]);
            assert!(shape.imports.is_empty());
        }
    }
}
