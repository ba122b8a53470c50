/* The provider that the native tests have, and what they tell it. */

#include "../bindings/dgram.h"

struct fake {
  /* How the calls end that can fail. */
  bool fails;
  datagrant_dgram_types_error_code_t failure;
  /* The next burst that is received. */
  uint32_t stride;
  uint8_t headers[4096], payload[4096];
  size_t headers_length, payload_length;
  /* The next events. */
  datagrant_dgram_types_event_t events[8];
  size_t event_count;
  bool closing;
  /* How the next burst that is sent ends. */
  datagrant_dgram_types_send_report_t report;
  /* What was asked. */
  int created, dropped;
  uint8_t flags;
  datagrant_dgram_types_ip_socket_address_t remote;
  size_t sent_headers, sent_bytes, waited_for;
  uint64_t timeout;
};

extern struct fake fake;
