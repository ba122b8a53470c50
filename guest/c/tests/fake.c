/* A provider for tests that run natively: what it answers is put there by the test, and may be what no host would say. */

#include "fake.h"

#include <stdlib.h>
#include <string.h>

struct fake fake;

static uint8_t *copy(const uint8_t *bytes, size_t length) {
  uint8_t *list = length ? malloc(length) : NULL;
  if (length) memcpy(list, bytes, length);
  return list;
}

static void put_address(datagrant_dgram_types_ip_socket_address_t *address) {
  *address = (datagrant_dgram_types_ip_socket_address_t){.val.ipv4 = {7, {127, 0, 0, 1}}};
}

/* Each call but those below works, unless the test says how it fails. */
static bool works(datagrant_dgram_types_error_code_t *err) {
  *err = fake.failure;
  return !fake.fails;
}

bool datagrant_dgram_sockets_static_socket_create(uint8_t family, uint8_t flags, datagrant_dgram_sockets_own_socket_t *ret,
                                                  uint8_t *err) {
  (void)family;
  fake.flags = flags;
  ret->__handle = ++fake.created;
  return works(err);
}

uint32_t datagrant_dgram_sockets_method_socket_id(datagrant_dgram_sockets_borrow_socket_t self) {
  return (uint32_t)self.__handle;
}

uint8_t datagrant_dgram_sockets_method_socket_family(datagrant_dgram_sockets_borrow_socket_t self) {
  (void)self;
  return DATAGRANT_DGRAM_TYPES_IP_ADDRESS_FAMILY_IPV4;
}

void datagrant_dgram_sockets_socket_drop_own(datagrant_dgram_sockets_own_socket_t handle) {
  (void)handle;
  fake.dropped++;
}

bool datagrant_dgram_sockets_method_socket_bind(datagrant_dgram_sockets_borrow_socket_t self,
                                                datagrant_dgram_types_ip_socket_address_t *local, bool exclusive,
                                                datagrant_dgram_types_ip_socket_address_t *ret, uint8_t *err) {
  (void)self, (void)local, (void)exclusive;
  put_address(ret);
  return works(err);
}

bool datagrant_dgram_sockets_method_socket_connect(datagrant_dgram_sockets_borrow_socket_t self,
                                                   datagrant_dgram_types_ip_socket_address_t *remote,
                                                   datagrant_dgram_types_ip_socket_address_t *ret, uint8_t *err) {
  (void)self;
  fake.remote = *remote;
  put_address(ret);
  return works(err);
}

bool datagrant_dgram_sockets_method_socket_disconnect(datagrant_dgram_sockets_borrow_socket_t self, uint8_t *err) {
  (void)self;
  return works(err);
}

void datagrant_dgram_sockets_method_socket_close(datagrant_dgram_sockets_borrow_socket_t self) {
  (void)self;
  fake.closing = true;
}

/* The events that the test has put there, then `close` where it was closed. */
void datagrant_dgram_sockets_method_socket_next_events(datagrant_dgram_sockets_borrow_socket_t self, uint32_t max,
                                                       datagrant_dgram_sockets_list_event_t *ret) {
  (void)self;
  *ret = (datagrant_dgram_sockets_list_event_t){NULL, 0};
  if (max == 0 || (fake.event_count == 0 && !fake.closing)) return;
  ret->ptr = malloc(sizeof *ret->ptr);
  ret->len = 1;
  if (fake.event_count == 0) {
    *ret->ptr = (datagrant_dgram_types_event_t){.tag = DATAGRANT_DGRAM_TYPES_EVENT_CLOSE};
    fake.closing = false;
    return;
  }
  *ret->ptr = fake.events[0];
  memmove(fake.events, fake.events + 1, --fake.event_count * sizeof *fake.events);
  if (ret->ptr->tag == DATAGRANT_DGRAM_TYPES_EVENT_MESSAGE) {
    dgram_list_u8_t *data = &ret->ptr->val.message.data;
    data->ptr = copy(data->ptr, data->len);
  }
}

bool datagrant_dgram_bursts_receive(datagrant_dgram_sockets_borrow_socket_t self, uint32_t max, uint32_t each,
                                    datagrant_dgram_types_burst_t *ret, uint8_t *err) {
  (void)self, (void)max, (void)each;
  *ret = (datagrant_dgram_types_burst_t){.stride = fake.stride, .more_events = fake.event_count > 0};
  ret->headers = (dgram_list_u8_t){copy(fake.headers, fake.headers_length), fake.headers_length};
  ret->payload = (dgram_list_u8_t){copy(fake.payload, fake.payload_length), fake.payload_length};
  fake.headers_length = fake.payload_length = 0;
  fake.stride = 32;
  (void)err;
  return true;
}

void datagrant_dgram_bursts_send(datagrant_dgram_sockets_borrow_socket_t self, uint32_t stride, dgram_list_u8_t *headers,
                                 dgram_list_u8_t *payload, datagrant_dgram_types_send_report_t *ret) {
  (void)self;
  fake.sent_headers = headers->len / stride;
  fake.sent_bytes = payload->len;
  *ret = fake.report;
}

bool datagrant_dgram_bursts_configure(datagrant_dgram_sockets_borrow_socket_t self, uint8_t options, uint8_t *ret, uint8_t *err) {
  (void)self;
  *ret = options;
  return works(err);
}

bool datagrant_dgram_sockets_method_socket_send(datagrant_dgram_sockets_borrow_socket_t self, dgram_list_u8_t *data,
                                                datagrant_dgram_types_ip_socket_address_t *remote, uint8_t *err) {
  (void)self, (void)data;
  if (remote) fake.remote = *remote;
  return works(err);
}

bool datagrant_dgram_wait_wait(datagrant_dgram_types_interest_t *on, uint64_t *timeout, datagrant_dgram_types_interest_t *ret,
                               uint8_t *err) {
  fake.waited_for = on->receive.len + on->send.len;
  fake.timeout = timeout ? *timeout : UINT64_MAX;
  *ret = (datagrant_dgram_types_interest_t){{NULL, 0}, {NULL, 0}};
  if (on->send.len > 0) {
    ret->send = (dgram_list_u32_t){malloc(sizeof(uint32_t)), 1};
    ret->send.ptr[0] = on->send.ptr[0];
  }
  /* None is ever woken here without a time. */
  *err = DATAGRANT_DGRAM_TYPES_ERROR_CODE_INVALID_ARGUMENT;
  return timeout != NULL;
}

bool datagrant_dgram_zones_index(dgram_string_t *name, uint32_t *ret, uint8_t *err) {
  *ret = 3;
  *err = DATAGRANT_DGRAM_TYPES_ERROR_CODE_NO_SUCH_INTERFACE;
  return name->len == 4 && memcmp(name->ptr, "eth0", 4) == 0;
}

bool datagrant_dgram_zones_name(uint32_t index, dgram_string_t *ret, uint8_t *err) {
  *err = DATAGRANT_DGRAM_TYPES_ERROR_CODE_NO_SUCH_INTERFACE;
  if (index != 3) return false;
  *ret = (dgram_string_t){copy((const uint8_t *)"eth0", 4), 4};
  return true;
}

/* The rest is the same: it works, or fails as the test says. */
#define SELF datagrant_dgram_sockets_borrow_socket_t self
#define PLAIN(name, ...)                    \
  bool name(SELF, __VA_ARGS__ uint8_t *err) { \
    (void)self;                             \
    return works(err);                      \
  }
#pragma GCC diagnostic ignored "-Wunused-parameter"
typedef datagrant_dgram_types_ip_socket_address_t address;
typedef datagrant_dgram_types_ip_address_t ip;
typedef datagrant_dgram_types_interface_ref_t interface_ref;
PLAIN(datagrant_dgram_sockets_method_socket_local_address, address *ret,)
PLAIN(datagrant_dgram_sockets_method_socket_remote_address, address *ret,)
PLAIN(datagrant_dgram_sockets_method_socket_set_broadcast, bool on,)
PLAIN(datagrant_dgram_sockets_method_socket_set_ttl, uint8_t hops,)
PLAIN(datagrant_dgram_sockets_method_socket_set_multicast_ttl, uint8_t hops,)
PLAIN(datagrant_dgram_sockets_method_socket_set_multicast_loopback, bool on,)
PLAIN(datagrant_dgram_sockets_method_socket_set_multicast_interface, interface_ref *by,)
PLAIN(datagrant_dgram_sockets_method_socket_join, ip *group, interface_ref *by, ip *source,)
PLAIN(datagrant_dgram_sockets_method_socket_leave, ip *group, interface_ref *by, ip *source,)
PLAIN(datagrant_dgram_sockets_method_socket_receive_buffer_bytes, uint32_t *ret,)
PLAIN(datagrant_dgram_sockets_method_socket_set_receive_buffer_bytes, uint32_t bytes,)
PLAIN(datagrant_dgram_sockets_method_socket_send_buffer_bytes, uint32_t *ret,)
PLAIN(datagrant_dgram_sockets_method_socket_set_send_buffer_bytes, uint32_t bytes,)

bool datagrant_dgram_granted_take(dgram_string_t *name, datagrant_dgram_sockets_own_socket_t *ret, uint8_t *err) {
  ret->__handle = ++fake.created;
  return works(err);
}

void datagrant_dgram_granted_names(dgram_list_string_t *ret) {
  *ret = (dgram_list_string_t){malloc(sizeof *ret->ptr), 1};
  ret->ptr[0] = (dgram_string_t){copy((const uint8_t *)"echo", 4), 4};
}

bool datagrant_dgram_name_lookup_static_lookup_start(dgram_string_t *name, uint8_t *family,
                                                     datagrant_dgram_name_lookup_own_lookup_t *ret, uint8_t *err) {
  ret->__handle = ++fake.created;
  return works(err);
}

uint32_t datagrant_dgram_name_lookup_method_lookup_id(datagrant_dgram_name_lookup_borrow_lookup_t self) {
  return (uint32_t)self.__handle;
}

bool datagrant_dgram_name_lookup_method_lookup_answer(datagrant_dgram_name_lookup_borrow_lookup_t self,
                                                      datagrant_dgram_name_lookup_list_ip_address_t *ret, uint8_t *err) {
  *ret = (datagrant_dgram_name_lookup_list_ip_address_t){calloc(2, sizeof *ret->ptr), 2};
  return works(err) || (free(ret->ptr), false);
}

void datagrant_dgram_name_lookup_lookup_drop_own(datagrant_dgram_name_lookup_own_lookup_t handle) {
  fake.dropped++;
}
