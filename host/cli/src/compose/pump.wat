;; A command of a service, for a service under `--with`: what `guest/pump` does, small enough to be part of the program. It
;; steps the service's handler, waits for what it answers, and steps again. Offsets are those of the canonical ABI.
(module
  (import "datagrant:dgram/handler@0.1.0" "step" (func $step (param i32 i32 i32 i32 i32)))
  (import "datagrant:dgram/wait@0.1.0" "wait" (func $wait (param i32 i32 i32 i32 i32 i64 i32)))
  (import "wasi:cli/stderr@0.2.6" "get-stderr" (func $stderr (result i32)))
  (import "wasi:io/streams@0.2.6" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))

  (memory (export "memory") 1)
  ;; 16: what `step` answers, 40 bytes. 64: what `wait` answers, 20 bytes. 96: what a write answers, 12 bytes.
  (data (i32.const 128) "the service failed: ")
  (data (i32.const 160) "it cannot wait as it asks to")
  (data (i32.const 192) "\n")

  ;; What others write here lies between $base and $end, and is over with the next call: arguments are read before an
  ;; answer is written.
  (global $base (mut i32) (i32.const 256))
  (global $next (mut i32) (i32.const 256))
  (global $end (mut i32) (i32.const 65536))

  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32) (local $pages i32)
    (local.set $at (call $aligned (local.get $align)))
    (if (i32.gt_u (i32.add (local.get $at) (local.get $size)) (global.get $end))
      (then
        ;; Twice as much as is wanted, from now on in place of what there was.
        (local.set $pages (i32.add (i32.shr_u (local.get $size) (i32.const 15)) (i32.const 1)))
        (local.set $at (memory.grow (local.get $pages)))
        (if (i32.eq (local.get $at) (i32.const -1)) (then unreachable))
        (global.set $end (i32.shl (i32.add (local.get $at) (local.get $pages)) (i32.const 16)))
        (local.set $at (i32.shl (local.get $at) (i32.const 16)))
        (global.set $base (local.get $at))))
    (global.set $next (i32.add (local.get $at) (local.get $size)))
    (memory.copy (local.get $at) (local.get $old) (local.get $old-size))
    (local.get $at))

  (func $aligned (param $align i32) (result i32)
    (i32.and
      (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))

  ;; `result`: 0 when the service is done, 1 when it cannot go on.
  (func (export "wasi:cli/run@0.2.0#run") (result i32)
    (loop $serve
      ;; What is ready: of the last wait, and nothing at first.
      (global.set $next (global.get $base))
      (call $step
        (i32.load (i32.const 68)) (i32.load (i32.const 72)) (i32.load (i32.const 76)) (i32.load (i32.const 80))
        (i32.const 16))
      (if (i32.eq (i32.load8_u (i32.const 16)) (i32.const 1)) (then (return (i32.const 0))))
      (if (i32.eq (i32.load8_u (i32.const 16)) (i32.const 2))
        (then (return (call $fail (i32.load (i32.const 24)) (i32.load (i32.const 28))))))
      (global.set $next (global.get $base))
      (call $wait
        (i32.load (i32.const 24)) (i32.load (i32.const 28)) (i32.load (i32.const 32)) (i32.load (i32.const 36))
        (i32.load8_u (i32.const 40)) (i64.load (i32.const 48))
        (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then (return (call $fail (i32.const 160) (i32.const 28)))))
      (br $serve))
    unreachable)

  ;; Says why, in a line of stderr.
  (func $fail (param $why i32) (param $length i32) (result i32)
    (local $stderr i32)
    (local.set $stderr (call $stderr))
    (call $print (local.get $stderr) (i32.const 128) (i32.const 20))
    (call $print (local.get $stderr) (local.get $why) (local.get $length))
    (call $print (local.get $stderr) (i32.const 192) (i32.const 1))
    (i32.const 1))

  ;; A write takes 4,096 bytes at most; what becomes of it is nobody's to tell.
  (func $print (param $to i32) (param $text i32) (param $length i32)
    (local $part i32)
    (loop $more
      (local.set $part (select (i32.const 4096) (local.get $length) (i32.gt_u (local.get $length) (i32.const 4096))))
      (call $write (local.get $to) (local.get $text) (local.get $part) (i32.const 96))
      (local.set $text (i32.add (local.get $text) (local.get $part)))
      (local.set $length (i32.sub (local.get $length) (local.get $part)))
      (br_if $more (local.get $length)))))
