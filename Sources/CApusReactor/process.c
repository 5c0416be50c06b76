#define _GNU_SOURCE
#include "CApusReactor.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int apus_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// The size of the address, or -EINVAL.
static long local_address(const char *path, size_t path_count, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (path_count == 0 || path_count >= sizeof address->sun_path) return -EINVAL;
    memcpy(address->sun_path, path, path_count);
    // An abstract name begins with NUL, and is written with an @.
    if (path[0] == '@') address->sun_path[0] = 0;
    return (long)(offsetof(struct sockaddr_un, sun_path) + path_count);
}

int apus_connect_local(const char *path, size_t path_count) {
    struct sockaddr_un address;
    long size = local_address(path, path_count, &address);
    if (size < 0) return (int)size;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, (socklen_t)size) == 0) return fd;
    int code = errno;
    close(fd);
    return -code;
}

static int signal_writer = -1;

static void note_signal(int number) {
    int old = errno;
    char byte = (char)number;
    if (write(signal_writer, &byte, 1) < 0) { /* A full pipe has told already. */ }
    errno = old;
}

int apus_watch_signals(const int *numbers, int count) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return -errno;
    signal_writer = ends[1];
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < count; index++)
        if (sigaction(numbers[index], &action, NULL) < 0) return -errno;
    return ends[0];
}

void apus_end_now(int status) { _exit(status); }

int apus_listen_local(const char *path, size_t path_count, int backlog) {
    struct sockaddr_un address;
    long size = local_address(path, path_count, &address);
    if (size < 0) return (int)size;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (bind(fd, (struct sockaddr *)&address, (socklen_t)size) == 0 && listen(fd, backlog) == 0) return fd;
    int code = errno;
    close(fd);
    return -code;
}

int apus_peer(int fd, uint32_t *user, int32_t *process) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -errno;
    *user = peer.uid;
    *process = peer.pid;
    return 0;
}
