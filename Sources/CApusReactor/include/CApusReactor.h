#ifndef CAPUSREACTOR_H
#define CAPUSREACTOR_H
// The system calls that Swift's Glibc module lacks or makes awkward. No system header may be included here:
// Swift would see their types twice. Every function answers with -errno where the call failed, and tries again
// by itself when a signal came in between.
#include <stddef.h>
#include <stdint.h>

// An address of either family; numbers in host order, IPv4 in the low 32 bits of `low`.
typedef struct {
    uint64_t high, low;
    uint16_t port;
    uint8_t is_v6;
} apus_address;

// As the kernel lays out struct epoll_event, with the 64 bits of its data split in two.
typedef struct {
    uint32_t flags;
#if !defined(__x86_64__)
    uint32_t padding;
#endif
    uint32_t index, generation;
} apus_event;

#define APUS_IN 0x001u
#define APUS_PRI 0x002u
#define APUS_OUT 0x004u
#define APUS_ERR 0x008u
#define APUS_HUP 0x010u
#define APUS_RDHUP 0x2000u
#define APUS_EXCLUSIVE 0x10000000u
#define APUS_EDGE 0x80000000u

// Readiness.
int apus_epoll_create(void);
int apus_epoll_add(int poller, int fd, uint32_t flags, uint32_t index, uint32_t generation);
int apus_epoll_change(int poller, int fd, uint32_t flags, uint32_t index, uint32_t generation);
int apus_epoll_remove(int poller, int fd);
int apus_epoll_wait(int poller, apus_event *events, int capacity, int timeout_ms);
int apus_event_create(void);
int apus_event_ring(int fd);

// Sockets.
int apus_listen(const apus_address *address, int reuse_port, int backlog);
int apus_probe(const apus_address *address);
int apus_accept(int listener, apus_address *peer);
int apus_local_address(int fd, apus_address *address);
// A new socket, numbered below the ceiling, else -EMFILE; *pending is set when the handshake is still under way.
int apus_connect(const apus_address *address, int ceiling, int *pending);
int apus_prepare(int fd);
int apus_set_nodelay(int fd);
int apus_socket_error(int fd);
int apus_shut_output(int fd);
void apus_reset(int fd);
void apus_close(int fd);

// Bytes.
long apus_receive(int fd, void *bytes, size_t count);
// Whether a byte is there, without taking it: 1, 0 at the end, or -errno.
long apus_peek(int fd);
long apus_send(int fd, const void *bytes, size_t count);
long apus_send_two(int fd, const void *first, size_t first_count, const void *second, size_t second_count);
long apus_splice(int from, int to, size_t count);
long apus_read(int fd, void *bytes, size_t count);
// Answers the capacity it got, of `capacity` wished for.
int apus_pipe(int *reader, int *writer, int capacity);

// The process.
int apus_processors(void);
uint64_t apus_now_us(void);
long apus_raise_descriptor_limit(void);
void apus_ignore_broken_pipe(void);
// Gives the pages of freed memory back to the kernel, where the allocator can be told to.
void apus_trim_heap(void);
// Ends the process without what exit(3) runs: nothing is waited for.
void apus_end_now(int status);
void apus_describe_error(int code, char *text, size_t capacity);
// A connection that is waited for, at most so long; answers with its descriptor.
int apus_connect_wait(const apus_address *address, int timeout_ms);
int apus_connect_path(const char *path, size_t count, int timeout_ms);
// Which of at most four descriptors can be read (1) or have ended besides (3); 0 when none can in time, or a signal came.
int apus_wait_readable(const int *fds, int count, uint8_t *ready, int timeout_ms);

// Names. Has this thread's next getaddrinfo ask for the name as it is written, without the search list and aliases of resolv.conf.
int apus_begin_look_up(void);

// The terminal: its bytes as they are typed, until it is left; there is one a process.
int apus_terminal_enter(int fd);
void apus_terminal_leave(int fd);
int apus_terminal_size(int fd, int *columns, int *rows);
// A descriptor from which the numbers of these signals are read when they come, a byte each.
int apus_watch_signals(const int *numbers, int count);
// A datagram socket that never waits, connected to a socket in the file system or an abstract one (@name); to an address.
int apus_connect_local(const char *path, size_t path_count);
int apus_connect_datagrams(const apus_address *address);
// A listening socket in the file system that never waits. Whoever is at the other end of a connection to one, or listens there.
int apus_listen_local(const char *path, size_t path_count, int backlog);
int apus_peer(int fd, uint32_t *user, int32_t *process);
int apus_start_thread(const char *name, void (*body)(void *), void *context);

// Sockets that a service manager hands over.
typedef struct {
    uint8_t is_stream, is_listening, is_local, is_tcp;
    // An IPv6 socket that takes IPv4 clients as well.
    uint8_t takes_both;
    // The path of a local socket, and whether everybody may connect to it.
    uint8_t is_open_to_all, path_count;
    char path[109];
} apus_socket_facts;
int apus_describe_socket(int fd, apus_socket_facts *facts);
int apus_duplicate(int fd);

// Users. The groups of one are written to `groups`; answers how many they are, or -ENOENT where there is no such user.
uint32_t apus_current_user(void);
int apus_find_user(const char *name, uint32_t *user, uint32_t *group, uint32_t *groups, int capacity);
// Makes all threads that user's for good; -EPERM when it is not allowed, or there would be a way back.
int apus_become(uint32_t user, uint32_t group, const uint32_t *groups, int count);
// Runs on a thread of its own that has the rights of that user, and waits for its end.
int apus_run_as(uint32_t user, uint32_t group, const uint32_t *groups, int count, void (*body)(void *), void *context);
// For this thread and those that it starts, whatever is executed.
void apus_forbid_new_privileges(void);
#endif
