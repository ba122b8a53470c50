/* Names to addresses. */

/* What is known without asking: addresses as text, and `localhost`, which is loopback (RFC 6761). -1: it is a name. */
static int known(const char *name, int family, uint16_t port, struct sockaddr_storage *addresses, int max) {
  union address address;
  int count = 0;
  if (strcmp(name, "localhost") == 0) {
    static const int families[] = {AF_INET, AF_INET6};
    for (int i = 0; i < 2; i++) {
      if (family != AF_UNSPEC && family != families[i]) continue;
      address = address_of(families[i], &(struct in6_addr)IN6ADDR_ANY_INIT, port, 0);
      to_destination(&address);
      if (count < max) addresses[count++] = address.storage;
    }
    return count;
  }
  if (read_ip(name, &address) < 0) return -1;
  if (family != AF_UNSPEC && family != address.any.sa_family) return fail(ENOENT);
  if (address.any.sa_family == AF_INET6) address.in6.sin6_port = htons(port);
  else address.in.sin_port = htons(port);
  if (max > 0) addresses[count++] = address.storage;
  return count;
}

int dg_lookup(const char *name, int family) {
  if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6) return fail(EAFNOSUPPORT);
  uint8_t wanted = family == AF_INET6 ? DATAGRANT_DGRAM_TYPES_IP_ADDRESS_FAMILY_IPV6 : DATAGRANT_DGRAM_TYPES_IP_ADDRESS_FAMILY_IPV4;
  struct entry *entry = new_entry();
  if (!entry) return -1;
  entry->is_lookup = true;
  dgram_string_t string = string_of(name);
  code_t code;
  if (!datagrant_dgram_name_lookup_static_lookup_start(&string, family == AF_UNSPEC ? NULL : &wanted, &entry->as.lookup.handle, &code)) {
    forget(entry);
    return refuse_new(code);
  }
  datagrant_dgram_name_lookup_borrow_lookup_t handle = {entry->as.lookup.handle.__handle};
  entry->id = datagrant_dgram_name_lookup_method_lookup_id(handle);
  return entry->fd;
}

int dg_lookup_answer(int fd, uint16_t port, struct sockaddr_storage *addresses, int max) {
  struct entry *entry = lookup_entry(fd);
  if (!entry) return -1;
  datagrant_dgram_name_lookup_borrow_lookup_t handle = {entry->as.lookup.handle.__handle};
  datagrant_dgram_name_lookup_list_ip_address_t answer;
  code_t code;
  if (!datagrant_dgram_name_lookup_method_lookup_answer(handle, &answer, &code)) return refuse(code, EBADF);
  int count = 0;
  for (size_t i = 0; i < answer.len && count < max; i++) addresses[count++] = address_of_ip(&answer.ptr[i], port).storage;
  if (answer.len > 0) free(answer.ptr);
  return count;
}

int dg_getaddrinfo(const char *name, int family, uint16_t port, struct sockaddr_storage *addresses, int max) {
  int count = known(name, family, port, addresses, max);
  if (count >= 0 || errno == ENOENT || errno == ENODEV) return count;
  int fd = dg_lookup(name, family);
  if (fd < 0) return -1;
  const struct entry *entry = entry_of(fd);
  while ((count = dg_lookup_answer(fd, port, addresses, max)) < 0 && errno == EAGAIN) {
    if (wait_for_one(entry, false, FOREVER) < 0) break;
  }
  int error = errno;
  dg_close(fd);
  errno = error;
  return count;
}
