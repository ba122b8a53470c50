/* Multicast groups, by name and by socket options. */

/* An interface by its name, its index or an address of its own. Text that is no number and no address is a name. */
static contract_interface interface_of(const char *text) {
  contract_interface interface = {.tag = DATAGRANT_DGRAM_TYPES_INTERFACE_REF_DEFAULT};
  union address address;
  uint32_t index;
  if (!text || !*text) return interface;
  if (read_number(text, UINT32_MAX, &index) == 0) {
    interface.tag = index ? DATAGRANT_DGRAM_TYPES_INTERFACE_REF_INDEX : DATAGRANT_DGRAM_TYPES_INTERFACE_REF_DEFAULT;
    interface.val.index = index;
  } else if (read_ip(text, &address) == 0) {
    interface.tag = DATAGRANT_DGRAM_TYPES_INTERFACE_REF_ADDRESS;
    bool ipv6 = address.any.sa_family == AF_INET6;
    interface.val.address = ip_of(address.any.sa_family, ipv6 ? (void *)&address.in6.sin6_addr : (void *)&address.in.sin_addr);
  } else {
    interface.tag = DATAGRANT_DGRAM_TYPES_INTERFACE_REF_NAME;
    interface.val.name = string_of(text);
  }
  return interface;
}

static contract_interface interface_at(uint32_t index) {
  if (index == 0) return (contract_interface){.tag = DATAGRANT_DGRAM_TYPES_INTERFACE_REF_DEFAULT};
  return (contract_interface){.tag = DATAGRANT_DGRAM_TYPES_INTERFACE_REF_INDEX, .val.index = index};
}

/* As IP_ADD_MEMBERSHIP has it: an index, or else an address, of which the unspecified one is the system's choice. */
static contract_interface interface_ipv4(uint32_t index, const struct in_addr *address) {
  if (index != 0 || address->s_addr == htonl(INADDR_ANY)) return interface_at(index);
  return (contract_interface){.tag = DATAGRANT_DGRAM_TYPES_INTERFACE_REF_ADDRESS, .val.address = ip_of(AF_INET, address)};
}

/* A null `source`: any. */
static int member(struct socket *socket, bool join, contract_ip group, contract_interface interface, contract_ip *source) {
  code_t code;
  socket->settled = true;
  bool ok = join ? datagrant_dgram_sockets_method_socket_join(lent(socket), &group, &interface, source, &code)
                 : datagrant_dgram_sockets_method_socket_leave(lent(socket), &group, &interface, source, &code);
  return told(ok, &code);
}

static int read_group(const char *text, contract_ip *ip) {
  union address address;
  if (!text || read_ip(text, &address) < 0) return text ? -1 : fail(EINVAL);
  bool ipv6 = address.any.sa_family == AF_INET6;
  *ip = ip_of(address.any.sa_family, ipv6 ? (void *)&address.in6.sin6_addr : (void *)&address.in.sin_addr);
  return 0;
}

static int member_by_name(int fd, bool join, const char *group, const char *interface, const char *source) {
  struct socket *socket = socket_of(fd);
  contract_ip group_ip, source_ip;
  if (!socket || read_group(group, &group_ip) < 0 || (source && read_group(source, &source_ip) < 0)) return -1;
  return member(socket, join, group_ip, interface_of(interface), source ? &source_ip : NULL);
}

int dg_join(int fd, const char *group, const char *interface, const char *source) {
  return member_by_name(fd, true, group, interface, source);
}

int dg_leave(int fd, const char *group, const char *interface, const char *source) {
  return member_by_name(fd, false, group, interface, source);
}

/* IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP, whose `ip_mreqn` may be cut to an `ip_mreq`. */
static int member_ipv4(struct socket *socket, bool join, const void *value, socklen_t length) {
  struct ip_mreqn request = {0};
  if (length < sizeof(struct ip_mreq)) return fail(EINVAL);
  memcpy(&request, value, length < sizeof request ? length : sizeof request);
  contract_interface interface = interface_ipv4((uint32_t)request.imr_ifindex, &request.imr_address);
  return member(socket, join, ip_of(AF_INET, &request.imr_multiaddr), interface, NULL);
}

/* IP_ADD_SOURCE_MEMBERSHIP and IP_DROP_SOURCE_MEMBERSHIP. */
static int member_of_source(struct socket *socket, bool join, const void *value, socklen_t length) {
  struct ip_mreq_source request;
  if (length < sizeof request) return fail(EINVAL);
  memcpy(&request, value, sizeof request);
  contract_ip source = ip_of(AF_INET, &request.imr_sourceaddr);
  contract_interface interface = interface_ipv4(0, &request.imr_interface);
  return member(socket, join, ip_of(AF_INET, &request.imr_multiaddr), interface, &source);
}

/* IPV6_JOIN_GROUP and IPV6_LEAVE_GROUP. */
static int member_ipv6(struct socket *socket, bool join, const void *value, socklen_t length) {
  struct ipv6_mreq request;
  if (length < sizeof request) return fail(EINVAL);
  memcpy(&request, value, sizeof request);
  return member(socket, join, ip_of(AF_INET6, &request.ipv6mr_multiaddr), interface_at(request.ipv6mr_interface), NULL);
}

/* IP_MULTICAST_IF: an `in_addr`, or an `ip_mreqn` or `ip_mreq`. */
static int set_multicast_ipv4(struct socket *socket, const void *value, socklen_t length) {
  struct ip_mreqn request = {0};
  if (length < sizeof request.imr_address) return fail(EINVAL);
  if (length < sizeof(struct ip_mreq)) memcpy(&request.imr_address, value, sizeof request.imr_address);
  else memcpy(&request, value, length < sizeof request ? length : sizeof request);
  contract_interface interface = interface_ipv4((uint32_t)request.imr_ifindex, &request.imr_address);
  code_t code;
  return told(datagrant_dgram_sockets_method_socket_set_multicast_interface(lent(socket), &interface, &code), &code);
}
