#define _GNU_SOURCE
#include "CApusReactor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(apus_event) == sizeof(struct epoll_event), "laid out as the kernel does");
_Static_assert(offsetof(apus_event, index) == offsetof(struct epoll_event, data), "laid out as the kernel does");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "index is the low half of the data");
_Static_assert(APUS_IN == EPOLLIN && APUS_PRI == EPOLLPRI && APUS_OUT == EPOLLOUT, "the kernel's numbers");
_Static_assert(APUS_ERR == EPOLLERR && APUS_HUP == EPOLLHUP, "the kernel's numbers");
_Static_assert(APUS_RDHUP == EPOLLRDHUP && APUS_EDGE == EPOLLET, "the kernel's numbers");
_Static_assert(APUS_EXCLUSIVE == EPOLLEXCLUSIVE, "the kernel's numbers");

// The hot calls go by syscall(2): the C library's own wrappers are cancellation points, which cost two atomic
// operations each once the process has a second thread.
#define RETRY(result, call) \
    do { result = (call); } while (result < 0 && errno == EINTR)

static long answer(long result) { return result < 0 ? -errno : result; }

// Readiness.

int apus_epoll_create(void) { return (int)answer(epoll_create1(EPOLL_CLOEXEC)); }

static int control(int poller, int operation, int fd, uint32_t flags, uint32_t index, uint32_t generation) {
    struct epoll_event event = {.events = flags, .data.u64 = (uint64_t)generation << 32 | index};
    return (int)answer(epoll_ctl(poller, operation, fd, &event));
}

int apus_epoll_add(int poller, int fd, uint32_t flags, uint32_t index, uint32_t generation) {
    return control(poller, EPOLL_CTL_ADD, fd, flags, index, generation);
}

int apus_epoll_change(int poller, int fd, uint32_t flags, uint32_t index, uint32_t generation) {
    return control(poller, EPOLL_CTL_MOD, fd, flags, index, generation);
}

int apus_epoll_remove(int poller, int fd) { return (int)answer(epoll_ctl(poller, EPOLL_CTL_DEL, fd, NULL)); }

int apus_epoll_wait(int poller, apus_event *events, int capacity, int timeout_ms) {
#ifdef SYS_epoll_wait
    long count = syscall(SYS_epoll_wait, poller, events, capacity, timeout_ms);
#else
    long count = syscall(SYS_epoll_pwait, poller, events, capacity, timeout_ms, NULL, 0);
#endif
    // Not tried again: the caller reckons the time that is left.
    return count < 0 && errno == EINTR ? 0 : (int)answer(count);
}

int apus_event_create(void) { return (int)answer(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

int apus_event_ring(int fd) {
    uint64_t one = 1;
    long result;
    RETRY(result, write(fd, &one, sizeof one));
    return (int)answer(result);
}

// Addresses.

static socklen_t encode(const apus_address *address, struct sockaddr_storage *storage) {
    memset(storage, 0, sizeof *storage);
    if (!address->is_v6) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address->port);
        v4->sin_addr.s_addr = htonl((uint32_t)address->low);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    uint64_t words[2] = {__builtin_bswap64(address->high), __builtin_bswap64(address->low)};
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address->port);
    memcpy(&v6->sin6_addr, words, sizeof words);
    return sizeof *v6;
}

static void decode(const struct sockaddr_storage *storage, apus_address *address) {
    memset(address, 0, sizeof *address);
    if (storage->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;
        address->low = ntohl(v4->sin_addr.s_addr);
        address->port = ntohs(v4->sin_port);
    } else if (storage->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
        uint64_t words[2];
        memcpy(words, &v6->sin6_addr, sizeof words);
        address->high = __builtin_bswap64(words[0]);
        address->low = __builtin_bswap64(words[1]);
        address->port = ntohs(v6->sin6_port);
        address->is_v6 = 1;
    }
}

// Sockets.

static int bound(const apus_address *address, int reuse_port) {
    struct sockaddr_storage storage;
    socklen_t length = encode(address, &storage);
    int one = 1, fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int failed = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (!failed && reuse_port) failed = setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (!failed && address->is_v6) failed = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (!failed) failed = bind(fd, (struct sockaddr *)&storage, length);
    if (!failed) return fd;
    int code = errno;
    close(fd);
    return -code;
}

int apus_listen(const apus_address *address, int reuse_port, int backlog) {
    int fd = bound(address, reuse_port);
    if (fd < 0 || listen(fd, backlog) == 0) return fd;
    int code = errno;
    close(fd);
    return -code;
}

int apus_probe(const apus_address *address) {
    int fd = bound(address, 0);
    if (fd >= 0) close(fd);
    return fd < 0 ? fd : 0;
}

int apus_accept(int listener, apus_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    long fd;
    storage.ss_family = AF_UNSPEC;
    RETRY(fd, syscall(SYS_accept4, listener, &storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd < 0) return -errno;
    decode(&storage, peer);
    return (int)fd;
}

int apus_local_address(int fd, apus_address *address) {
    struct sockaddr_storage storage = {0};
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    decode(&storage, address);
    return 0;
}

int apus_connect(const apus_address *address, int ceiling, int *pending) {
    struct sockaddr_storage storage;
    socklen_t length = encode(address, &storage);
    int one = 1, fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (fd >= ceiling) {
        close(fd);
        return -EMFILE;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    *pending = 0;
    if (connect(fd, (struct sockaddr *)&storage, length) == 0) return fd;
    if (errno == EINPROGRESS || errno == EINTR) {
        *pending = 1;
        return fd;
    }
    int code = errno;
    close(fd);
    return -code;
}

int apus_connect_datagrams(const apus_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = encode(address, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&storage, length) == 0) return fd < 0 ? -errno : fd;
    int code = errno;
    close(fd);
    return -code;
}

int apus_prepare(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) return -errno;
    return 0;
}

int apus_set_nodelay(int fd) {
    int one = 1;
    return (int)answer(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
}

int apus_socket_error(int fd) {
    int code = 0;
    socklen_t length = sizeof code;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) < 0 ? errno : code;
}

int apus_shut_output(int fd) { return (int)answer(shutdown(fd, SHUT_WR)); }

void apus_reset(int fd) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    apus_close(fd);
}

// Never tried again: Linux has let go of the descriptor even when a signal came in between.
void apus_close(int fd) { syscall(SYS_close, fd); }

// Bytes.

long apus_receive(int fd, void *bytes, size_t count) {
    long result;
    RETRY(result, syscall(SYS_recvfrom, fd, bytes, count, 0, NULL, NULL));
    return answer(result);
}

long apus_peek(int fd) {
    char byte;
    long result;
    RETRY(result, syscall(SYS_recvfrom, fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL));
    return answer(result);
}

long apus_send(int fd, const void *bytes, size_t count) {
    long result;
    RETRY(result, syscall(SYS_sendto, fd, bytes, count, MSG_NOSIGNAL, NULL, 0));
    return answer(result);
}

#define JOINED_SIZE 4096

long apus_send_two(int fd, const void *first, size_t first_count, const void *second, size_t second_count) {
    if (first_count + second_count <= JOINED_SIZE) {
        // Two short copies cost less than what the kernel does for a message of two parts.
        char joined[JOINED_SIZE];
        memcpy(joined, first, first_count);
        memcpy(joined + first_count, second, second_count);
        return apus_send(fd, joined, first_count + second_count);
    }
    struct iovec runs[2] = {{(void *)first, first_count}, {(void *)second, second_count}};
    struct msghdr message = {.msg_iov = runs, .msg_iovlen = 2};
    long result;
    RETRY(result, syscall(SYS_sendmsg, fd, &message, MSG_NOSIGNAL));
    return answer(result);
}

long apus_splice(int from, int to, size_t count) {
    long result;
    RETRY(result, syscall(SYS_splice, from, NULL, to, NULL, count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
    return answer(result);
}

long apus_read(int fd, void *bytes, size_t count) {
    long result;
    RETRY(result, syscall(SYS_read, fd, bytes, count));
    return answer(result);
}

int apus_pipe(int *reader, int *writer, int capacity) {
    int ends[2];
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0) return -errno;
    *reader = ends[0], *writer = ends[1];
    // Above the user's share of pipe pages the kernel refuses: take what it gives.
    for (int size = capacity; size > 65536; size /= 4) {
        int got = fcntl(ends[1], F_SETPIPE_SZ, size);
        if (got > 0) return got;
    }
    int got = fcntl(ends[1], F_GETPIPE_SZ);
    return got > 0 ? got : 4096;
}

// The process.

uint64_t apus_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

long apus_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) return (long)before;
    return limit.rlim_cur > INT32_MAX ? INT32_MAX : (long)limit.rlim_cur;
}

void apus_ignore_broken_pipe(void) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &action, NULL);
}

void apus_trim_heap(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void apus_describe_error(int code, char *text, size_t capacity) {
    const char *known = strerrordesc_np(code);
    if (known) snprintf(text, capacity, "%s", known);
    else snprintf(text, capacity, "error %d", code);
}

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int apus_start_thread(const char *name, void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) return -ENOMEM;
    *start = (struct start){body, context};
    // Signals are for the main thread: here they would only interrupt. Those of a fault stay.
    sigset_t blocked, before;
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGPROF};
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    pthread_t thread;
    int code = pthread_create(&thread, NULL, run, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code) {
        free(start);
        return -code;
    }
    char shortened[16];
    snprintf(shortened, sizeof shortened, "%s", name);
    pthread_setname_np(thread, shortened);
    pthread_detach(thread);
    return 0;
}
