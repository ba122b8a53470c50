#!/bin/sh
# Builds the guests into a folder: ./build.sh FOLDER. The tools are installed there too, once (450 MB).
set -eu
[ $# -eq 1 ] || { echo "usage: ./build.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"

[ -d "$out/js/node_modules/componentize-qjs" ] ||
  npm install --prefix "$out/js" --no-audit --no-fund @bytecodealliance/componentize-js@0.23.0 componentize-qjs@0.4.5
[ -x "$out/py/bin/componentize-py" ] ||
  { python3 -m venv "$out/py" && "$out/py/bin/pip" install -q componentize-py==0.25.1; }

cargo build --release -p encoding-guest --target wasm32-wasip2 --target-dir "$out/guest-target"
cp "$out/guest-target/wasm32-wasip2/release/encoding_guest.wasm" "$out/rust.wasm"
"$out/js/node_modules/.bin/componentize-js" guest.js --wit wit --world-name guest --disable http fetch-event \
  --out "$out/js-spidermonkey.wasm"
"$out/js/node_modules/.bin/componentize-qjs" --wit wit --world guest --js guest.js --sync --output "$out/js-quickjs.wasm"
"$out/py/bin/componentize-py" -q -d wit -w guest componentize guest -o "$out/python.wasm"
rm -rf __pycache__
