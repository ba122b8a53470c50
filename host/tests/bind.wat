;; The guest of the crate's example: a command that creates a socket, binds it and says whether it could.
;; Written by hand, so that the example needs no other toolchain.
(component
  (import "datagrant:dgram/types@0.1.0" (instance $types
    (type $family (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $family)))
    (type $flags (flags "reuse-address" "reuse-port" "ipv6-only"))
    (export "create-flags" (type (eq $flags)))
    (type $error (enum "unknown" "access-denied" "not-supported" "invalid-argument" "invalid-state" "would-block"
      "address-in-use" "address-not-bindable" "datagram-too-large" "connection-refused" "host-unreachable"
      "network-unreachable" "network-down" "no-such-interface" "no-buffer-space" "quota-exceeded" "name-unresolvable"
      "temporary-resolver-failure" "permanent-resolver-failure"))
    (export "error-code" (type (eq $error)))
    (type $ipv4 (tuple u8 u8 u8 u8))
    (type $ipv6 (tuple u16 u16 u16 u16 u16 u16 u16 u16))
    (type $ipv4-port (record (field "port" u16) (field "address" $ipv4)))
    (export "ipv4-socket-address" (type $ipv4-address (eq $ipv4-port)))
    (type $ipv6-port
      (record (field "port" u16) (field "flow-info" u32) (field "address" $ipv6) (field "scope-id" u32)))
    (export "ipv6-socket-address" (type $ipv6-address (eq $ipv6-port)))
    (type $address (variant (case "ipv4" $ipv4-address) (case "ipv6" $ipv6-address)))
    (export "ip-socket-address" (type (eq $address)))))
  (alias export $types "ip-address-family" (type $family))
  (alias export $types "create-flags" (type $flags))
  (alias export $types "error-code" (type $error))
  (alias export $types "ip-socket-address" (type $address))

  (import "datagrant:dgram/sockets@0.1.0" (instance $sockets
    (export "ip-address-family" (type $f (eq $family)))
    (export "create-flags" (type $g (eq $flags)))
    (export "error-code" (type $e (eq $error)))
    (export "ip-socket-address" (type $a (eq $address)))
    (export "socket" (type $socket (sub resource)))
    (export "[static]socket.create" (func (param "family" $f) (param "flags" $g)
      (result (result (own $socket) (error $e)))))
    (export "[method]socket.bind" (func (param "self" (borrow $socket)) (param "local" (option $a))
      (param "exclusive" bool) (result (result $a (error $e)))))))

  ;; Where the answers of both calls go.
  (core module $memory-module (memory (export "memory") 1))
  (core instance $m (instantiate $memory-module))
  (core func $create (canon lower (func $sockets "[static]socket.create") (memory $m "memory")))
  (core func $bind (canon lower (func $sockets "[method]socket.bind") (memory $m "memory")))

  (core module $program
    (import "m" "memory" (memory 1))
    (import "sockets" "create" (func $create (param i32 i32 i32)))
    ;; self, the option's case, the address's case and up to eleven numbers, exclusive, where the answer goes
    (import "sockets" "bind"
      (func $bind (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (func (export "run") (result i32)
      ;; create(ipv4, {}): a result at 0, its case in one byte, the socket at 4
      (call $create (i32.const 0) (i32.const 0) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
      ;; bind(none, false): a result at 16. Its case, 0 for ok and 1 for error, is the case of ours.
      (call $bind (i32.load (i32.const 4)) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 16))
      (i32.load8_u (i32.const 16))))
  (core instance $p (instantiate $program
    (with "m" (instance $m))
    (with "sockets" (instance (export "create" (func $create)) (export "bind" (func $bind))))))

  (func $run (result (result)) (canon lift (core func $p "run")))
  (instance (export "wasi:cli/run@0.2.0") (export "run" (func $run))))
