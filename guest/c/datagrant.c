/* The one source of the SDK, in parts. With -DDATAGRANT_SERVICE it makes a service, without it a program. */

/* Of libc what strict C hides: clocks, and the structures of multicast. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "datagrant.h"

#ifdef __wasm__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include "bindings/dgram.c"
#pragma GCC diagnostic pop
/* The generated code wants an object file with the component's type; `datagrant componentize` embeds that itself. */
void __component_type_object_force_link_dgram(void) {}
#else
/* Natively, for its own tests: see tests/. */
#include "bindings/dgram.h"
#endif

#include "src/parts.h"
#include "src/errors.c"
#include "src/table.c"
#include "src/convert.c"
#include "src/header.c"
#include "src/address.c"
#include "src/inbox.c"
#include "src/events.c"
#include "src/wait.c"
#include "src/lookup.c"
#include "src/socket.c"
#include "src/send.c"
#include "src/send_many.c"
#include "src/receive.c"
#include "src/poll.c"
#include "src/groups.c"
#include "src/options.c"
#include "src/options_read.c"
#ifdef DATAGRANT_SERVICE
#include "src/service.c"
#endif
