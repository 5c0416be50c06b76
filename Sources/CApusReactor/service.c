#define _GNU_SOURCE
#include "CApusReactor.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int option(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, name, &value, &length) < 0 ? -errno : value;
}

// The path of a local socket that has one, and whether everybody may open it.
static int describe_local(int fd, apus_socket_facts *facts) {
    struct sockaddr_un address = {0};
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return -errno;
    size_t most = length > offsetof(struct sockaddr_un, sun_path) ? length - offsetof(struct sockaddr_un, sun_path) : 0;
    if (most == 0 || address.sun_path[0] != '/') return 0;
    facts->path_count = (uint8_t)strnlen(address.sun_path, most);
    memcpy(facts->path, address.sun_path, facts->path_count);
    struct stat status;
    facts->is_open_to_all = stat(facts->path, &status) == 0 && (status.st_mode & S_IWOTH) != 0;
    return 0;
}

// Whether clients of IPv4 may come by an IPv6 socket: on the wildcard, or on an address that is one of IPv4.
static int takes_both(int fd) {
    struct sockaddr_in6 address = {0};
    socklen_t length = sizeof address;
    if (option(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 0) return 0;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return 1;
    return IN6_IS_ADDR_UNSPECIFIED(&address.sin6_addr) || IN6_IS_ADDR_V4MAPPED(&address.sin6_addr);
}

int apus_describe_socket(int fd, apus_socket_facts *facts) {
    memset(facts, 0, sizeof *facts);
    int domain = option(fd, SOL_SOCKET, SO_DOMAIN);
    if (domain < 0) return domain;
    int protocol = option(fd, SOL_SOCKET, SO_PROTOCOL);
    facts->is_stream = option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
    facts->is_listening = option(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1;
    facts->is_local = domain == AF_UNIX;
    facts->is_tcp = (domain == AF_INET || domain == AF_INET6) && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
    facts->takes_both = domain == AF_INET6 && takes_both(fd);
    return facts->is_local ? describe_local(fd, facts) : 0;
}

int apus_duplicate(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return copy < 0 ? -errno : copy;
}
