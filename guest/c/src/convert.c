/* Addresses: libc's and the contract's. */

static const uint8_t MAPPED[12] = {[10] = 0xff, [11] = 0xff};

static void groups_to_bytes(const datagrant_dgram_types_ipv6_address_t *groups, uint8_t *bytes) {
  const uint16_t all[8] = {groups->f0, groups->f1, groups->f2, groups->f3, groups->f4, groups->f5, groups->f6, groups->f7};
  for (int i = 0; i < 8; i++) {
    bytes[2 * i] = (uint8_t)(all[i] >> 8);
    bytes[2 * i + 1] = (uint8_t)all[i];
  }
}

static datagrant_dgram_types_ipv6_address_t groups_of(const uint8_t *bytes) {
  uint16_t all[8];
  for (int i = 0; i < 8; i++) all[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  return (datagrant_dgram_types_ipv6_address_t){all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]};
}

/* The contract's `ip-address` of 4 or 16 bytes. */
static contract_ip ip_of(int family, const void *bytes) {
  const uint8_t *at = bytes;
  if (family == AF_INET6) return (contract_ip){.tag = DATAGRANT_DGRAM_TYPES_IP_ADDRESS_IPV6, .val.ipv6 = groups_of(at)};
  return (contract_ip){.tag = DATAGRANT_DGRAM_TYPES_IP_ADDRESS_IPV4, .val.ipv4 = {at[0], at[1], at[2], at[3]}};
}

static union address address_of(int family, const void *bytes, uint16_t port, uint32_t scope) {
  union address address;
  memset(&address, 0, sizeof address);
  if (family == AF_INET6) {
    address.in6.sin6_family = AF_INET6;
    address.in6.sin6_port = htons(port);
    address.in6.sin6_scope_id = scope;
    memcpy(&address.in6.sin6_addr, bytes, sizeof address.in6.sin6_addr);
  } else {
    address.in.sin_family = AF_INET;
    address.in.sin_port = htons(port);
    memcpy(&address.in.sin_addr, bytes, sizeof address.in.sin_addr);
  }
  return address;
}

static socklen_t length_of(const union address *address) {
  return address->any.sa_family == AF_INET6 ? sizeof address->in6 : sizeof address->in;
}

/* Port and address of either family. */
static union address address_of_ip(const contract_ip *ip, uint16_t port) {
  if (ip->tag == DATAGRANT_DGRAM_TYPES_IP_ADDRESS_IPV6) {
    uint8_t bytes[16];
    groups_to_bytes(&ip->val.ipv6, bytes);
    return address_of(AF_INET6, bytes, port, 0);
  }
  const uint8_t bytes[4] = {ip->val.ipv4.f0, ip->val.ipv4.f1, ip->val.ipv4.f2, ip->val.ipv4.f3};
  return address_of(AF_INET, bytes, port, 0);
}

static union address address_of_contract(const contract_address *from) {
  contract_ip ip = {.tag = from->tag};
  if (from->tag == DATAGRANT_DGRAM_TYPES_IP_SOCKET_ADDRESS_IPV6) {
    ip.val.ipv6 = from->val.ipv6.address;
    union address address = address_of_ip(&ip, from->val.ipv6.port);
    address.in6.sin6_scope_id = from->val.ipv6.scope_id;
    return address;
  }
  ip.val.ipv4 = from->val.ipv4.address;
  return address_of_ip(&ip, from->val.ipv4.port);
}

static contract_address contract_of(const union address *address) {
  if (address->any.sa_family == AF_INET6) {
    return (contract_address){.tag = DATAGRANT_DGRAM_TYPES_IP_SOCKET_ADDRESS_IPV6,
                              .val.ipv6 = {.port = ntohs(address->in6.sin6_port),
                                           .address = groups_of(address->in6.sin6_addr.s6_addr),
                                           .scope_id = address->in6.sin6_scope_id}};
  }
  contract_ip ip = ip_of(AF_INET, &address->in.sin_addr);
  return (contract_address){.tag = DATAGRANT_DGRAM_TYPES_IP_SOCKET_ADDRESS_IPV4,
                            .val.ipv4 = {.port = ntohs(address->in.sin_port), .address = ip.val.ipv4}};
}

/* An address that a caller gave, copied: it may be misaligned, or shorter than it says. */
static int read_address(const struct sockaddr *from, socklen_t length, union address *address) {
  memset(address, 0, sizeof *address);
  if (!from || length < offsetof(struct sockaddr, sa_family) + sizeof address->any.sa_family) return fail(EINVAL);
  memcpy(address, from, length < sizeof *address ? length : sizeof *address);
  int family = address->any.sa_family;
  if (family != AF_INET && family != AF_INET6) return fail(EAFNOSUPPORT);
  return length < length_of(address) ? fail(EINVAL) : 0;
}

static int read_address_of(bool ipv6, const struct sockaddr *from, socklen_t length, union address *address) {
  if (read_address(from, length, address) < 0) return -1;
  return address->any.sa_family == (ipv6 ? AF_INET6 : AF_INET) ? 0 : fail(EAFNOSUPPORT);
}

/* Writes an address out, cut to `length` bytes, which then tells its whole length, as POSIX has it. */
static void write_address(const union address *address, struct sockaddr *to, socklen_t *length) {
  if (!to || !length) return;
  socklen_t whole = length_of(address);
  memcpy(to, address, *length < whole ? *length : whole);
  *length = whole;
}

/* A destination: the unspecified address, which is none, means loopback, as it does to Linux. */
static void to_destination(union address *address) {
  static const struct in6_addr any = IN6ADDR_ANY_INIT;
  if (address->any.sa_family == AF_INET6) {
    struct in6_addr *ip = &address->in6.sin6_addr;
    if (memcmp(ip, &any, sizeof any) == 0) ip->s6_addr[15] = 1;
  } else if (address->in.sin_addr.s_addr == htonl(INADDR_ANY)) {
    address->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
}
