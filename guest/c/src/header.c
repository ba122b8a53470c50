/* The headers of bursts: the table of wit/README.md. Numbers in them are little-endian, addresses in network order. */

static uint32_t number_at(const uint8_t *bytes, int width) {
  uint32_t number = 0;
  for (int i = 0; i < width; i++) number |= (uint32_t)bytes[i] << (8 * i);
  return number;
}

static void put_number(uint8_t *bytes, uint32_t number, int width) {
  for (int i = 0; i < width; i++) bytes[i] = (uint8_t)(number >> (8 * i));
}

/* The 16 bytes of an address, IPv4 as mapped. */
static void put_ip(uint8_t *bytes, const union address *address) {
  if (address->any.sa_family == AF_INET6) {
    memcpy(bytes, &address->in6.sin6_addr, 16);
  } else {
    memcpy(bytes, MAPPED, sizeof MAPPED);
    memcpy(bytes + sizeof MAPPED, &address->in.sin_addr, 4);
  }
}

static union address ip_at(const uint8_t *bytes, bool ipv6, uint16_t port, uint32_t scope) {
  return ipv6 ? address_of(AF_INET6, bytes, port, scope) : address_of(AF_INET, bytes + sizeof MAPPED, port, 0);
}

static uint32_t header_length(const uint8_t *header) {
  return number_at(header, 4);
}

static union address header_remote(const uint8_t *header, bool ipv6) {
  return ip_at(header + 16, ipv6, (uint16_t)number_at(header + 6, 2), number_at(header + 12, 4));
}

static bool header_is_cut(const uint8_t *header) {
  return header[9] & 1;
}

/* All of a header but its length. */
static void read_header(const uint8_t *header, size_t stride, bool ipv6, struct dg_message *message) {
  message->address = header_remote(header, ipv6).storage;
  message->segment = (uint16_t)number_at(header + 4, 2);
  message->ecn = header[8];
  message->flags = header_is_cut(header) ? DG_TRUNC : 0;
  message->interface = 0;
  memset(&message->local, 0, sizeof message->local);
  if (stride >= STRIDE_WITH_INFO) {
    message->interface = number_at(header + 32, 4);
    message->local = ip_at(header + 48, ipv6, 0, 0).storage;
  }
}

/* A null `remote`: the connected peer. A null `local`: the system's choice. */
static void write_header(uint8_t *header, size_t stride, const struct dg_message *message, const union address *remote,
                         const union address *local) {
  memset(header, 0, stride);
  put_number(header, (uint32_t)message->size, 4);
  put_number(header + 4, message->segment, 2);
  header[8] = message->ecn;
  if (remote) {
    contract_address to = contract_of(remote);
    bool ipv6 = to.tag == DATAGRANT_DGRAM_TYPES_IP_SOCKET_ADDRESS_IPV6;
    put_number(header + 6, ipv6 ? to.val.ipv6.port : to.val.ipv4.port, 2);
    put_number(header + 12, ipv6 ? to.val.ipv6.scope_id : 0, 4);
    put_ip(header + 16, remote);
  }
  if (local && stride >= STRIDE_WITH_INFO) put_ip(header + 48, local);
}
