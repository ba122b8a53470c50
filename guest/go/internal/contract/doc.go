// Package contract is datagrant:dgram as WebAssembly sees it: the functions that a component imports, by the flat form of
// the canonical ABI, and the memory that their results arrive in.
//
// It is written by hand. What a generator makes allocates Go memory inside of cabi_realloc, which the host calls while a
// host call is under way; under load that traps ("cannot leave component instance"). Here it only moves a mark in memory
// that was set aside before (memory.go).
//
// Layouts follow the canonical ABI: pointers and lengths have 32 bits, a record is laid out as in C, a variant is a byte
// and then its payload at the alignment of its largest case. Only wasip1 has this package's host; its tables and layouts
// compile everywhere, for tests.
package contract
