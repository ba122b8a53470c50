/* What the parts share: short names for the contract's types, and what a number of dg_socket or dg_lookup stands for. */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef datagrant_dgram_types_error_code_t code_t;
typedef datagrant_dgram_types_ip_socket_address_t contract_address;
typedef datagrant_dgram_types_ip_address_t contract_ip;
typedef datagrant_dgram_types_interface_ref_t contract_interface;
typedef datagrant_dgram_types_event_t contract_event;
typedef datagrant_dgram_types_burst_t contract_burst;
typedef datagrant_dgram_sockets_own_socket_t own_socket;
typedef datagrant_dgram_sockets_borrow_socket_t contract_socket;
typedef datagrant_dgram_name_lookup_own_lookup_t own_lookup;

enum {
  /* Datagrams of a call of the host: what providers give at most. */
  BATCH = 64,
  /* No datagram is longer, and the kernel coalesces no more. */
  LONGEST = 65535,
  /* Bytes of a burst's header, without and with packet info. */
  STRIDE = 32,
  STRIDE_WITH_INFO = 64,
};

/* An address of libc's, of either family. */
union address {
  struct sockaddr any;
  struct sockaddr_in in;
  struct sockaddr_in6 in6;
  struct sockaddr_storage storage;
};

static const uint64_t FOREVER = UINT64_MAX;

/* Datagrams that were taken and not asked for yet: a burst, and how far it was read. */
struct inbox {
  uint8_t *headers, *payload;
  size_t headers_length, payload_length;
  size_t header_at, payload_at;
  size_t stride;
};

struct socket {
  own_socket handle;
  bool ipv6;
  /* The contract's create-flags. */
  uint8_t flags;
  /* Options were set, or it was bound: flags can be changed no more. */
  bool settled;
  bool bound, connected, nonblocking, exclusive;
  /* The host closed it: its grants were withdrawn. */
  bool closed;
  /* The last send found no room. */
  bool full;
  /* As SO_ERROR: an errno that nobody was told of. */
  int error;
  /* The contract's burst-options. */
  uint8_t burst_options;
  /* SO_RCVTIMEO and SO_SNDTIMEO, in ns. */
  uint64_t receive_timeout, send_timeout;
  struct inbox inbox;
};

struct lookup {
  own_lookup handle;
};

/* What a number stands for. */
struct entry {
  int fd;
  /* By which waits know it. */
  uint32_t id;
  bool is_lookup;
  union {
    struct socket socket;
    struct lookup lookup;
  } as;
};

/* A handle, lent for a call. */
static contract_socket lent(const struct socket *socket) {
  return (contract_socket){socket->handle.__handle};
}
