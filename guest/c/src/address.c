/* Addresses as text, and the zones in them. */

static dgram_string_t string_of(const char *text) {
  return (dgram_string_t){(uint8_t *)text, strlen(text)};
}

/* Writes out a string of the contract's, and frees it. */
static int put_string(dgram_string_t *string, char *text, size_t size) {
  bool fits = string->len < size;
  if (fits) {
    memcpy(text, string->ptr, string->len);
    text[string->len] = 0;
  }
  if (string->len > 0) free(string->ptr);
  return fits ? 0 : fail(ERANGE);
}

unsigned dg_if_nametoindex(const char *name) {
  dgram_string_t string = string_of(name);
  uint32_t index;
  code_t code;
  if (datagrant_dgram_zones_index(&string, &index, &code)) return index;
  refuse(code, EBADF);
  return 0;
}

char *dg_if_indextoname(unsigned index, char *name, size_t size) {
  dgram_string_t string;
  code_t code;
  if (!datagrant_dgram_zones_name(index, &string, &code)) {
    refuse(code, EBADF);
    return NULL;
  }
  return put_string(&string, name, size) < 0 ? NULL : name;
}

/* A decimal number up to `max`, and nothing else. */
static int read_number(const char *text, uint32_t max, uint32_t *number) {
  uint64_t value = 0;
  if (!*text) return -1;
  for (const char *at = text; *at; at++) {
    if (*at < '0' || *at > '9') return -1;
    value = 10 * value + (uint64_t)(*at - '0');
    if (value > max) return -1;
  }
  *number = (uint32_t)value;
  return 0;
}

/* A zone by name, or by its number, which stands for an interface whose name is not shown. */
static int read_zone(const char *zone, uint32_t *index) {
  *index = dg_if_nametoindex(zone);
  if (*index != 0) return 0;
  return read_number(zone, UINT32_MAX, index) < 0 || *index == 0 ? fail(ENODEV) : 0;
}

/* An address without a port, of either family. */
static int read_ip(const char *text, union address *address) {
  uint8_t bytes[16];
  char copy[DG_ADDRESS_TEXT];
  size_t length = strlen(text);
  if (length >= sizeof copy) return fail(EINVAL);
  memcpy(copy, text, length + 1);
  if (inet_pton(AF_INET, copy, bytes) == 1) {
    *address = address_of(AF_INET, bytes, 0, 0);
    return 0;
  }
  char *zone = strchr(copy, '%');
  if (zone) *zone++ = 0;
  if (inet_pton(AF_INET6, copy, bytes) != 1 || (zone && !*zone)) return fail(EINVAL);
  uint32_t scope = 0;
  if (zone && read_zone(zone, &scope) < 0) return -1;
  *address = address_of(AF_INET6, bytes, 0, scope);
  return 0;
}

int dg_address(const char *text, struct sockaddr_storage *storage, socklen_t *length) {
  const char *colon = strrchr(text, ':');
  uint32_t port;
  if (!colon || read_number(colon + 1, 65535, &port) < 0) return fail(EINVAL);
  /* An IPv6 address has brackets, and an IPv4 address has none. */
  bool brackets = text[0] == '[' && colon > text + 1 && colon[-1] == ']';
  const char *start = text + brackets;
  size_t host = (size_t)(colon - start) - brackets;
  char ip[DG_ADDRESS_TEXT];
  if (host >= sizeof ip) return fail(EINVAL);
  memcpy(ip, start, host);
  ip[host] = 0;
  union address address;
  if (read_ip(ip, &address) < 0) return -1;
  if ((address.any.sa_family == AF_INET6) != brackets) return fail(EINVAL);
  if (brackets) address.in6.sin6_port = htons((uint16_t)port);
  else address.in.sin_port = htons((uint16_t)port);
  *storage = address.storage;
  if (length) *length = length_of(&address);
  return 0;
}

const char *dg_address_text(const struct sockaddr *from, socklen_t length, char *text, size_t size) {
  union address address;
  if (read_address(from, length, &address) < 0) return NULL;
  char ip[INET6_ADDRSTRLEN], zone[20] = "";
  contract_address contract = contract_of(&address);
  int written;
  if (address.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.in6.sin6_addr, ip, sizeof ip);
    uint32_t scope = address.in6.sin6_scope_id;
    zone[0] = '%';
    /* What is not shown to this guest has no name: its number stands for it. */
    if (scope == 0) zone[0] = 0;
    else if (!dg_if_indextoname(scope, zone + 1, sizeof zone - 1)) snprintf(zone + 1, sizeof zone - 1, "%u", (unsigned)scope);
    written = snprintf(text, size, "[%s%s]:%u", ip, zone, contract.val.ipv6.port);
  } else {
    inet_ntop(AF_INET, &address.in.sin_addr, ip, sizeof ip);
    written = snprintf(text, size, "%s:%u", ip, contract.val.ipv4.port);
  }
  if (written >= 0 && (size_t)written < size) return text;
  errno = ENOSPC;
  return NULL;
}
