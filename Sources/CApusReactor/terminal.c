#define _GNU_SOURCE
#include "CApusReactor.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static volatile sig_atomic_t is_raw;

int apus_terminal_enter(int fd) {
    struct termios raw;
    if (is_raw) return 0;
    if (tcgetattr(fd, &saved) < 0) return -errno;
    raw = saved;
    cfmakeraw(&raw);
    // A read answers with what is there; poll waits for it.
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(fd, TCSAFLUSH, &raw) < 0) return -errno;
    is_raw = 1;
    return 0;
}

void apus_terminal_leave(int fd) {
    if (!is_raw) return;
    is_raw = 0;
    tcsetattr(fd, TCSAFLUSH, &saved);
}

int apus_terminal_size(int fd, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -errno;
    if (size.ws_col == 0 || size.ws_row == 0) return -EINVAL;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int apus_wait_readable(const int *fds, int count, uint8_t *ready, int timeout_ms) {
    struct pollfd entries[4];
    if (count > 4) return -EINVAL;
    for (int index = 0; index < count; index++) {
        entries[index].fd = fds[index];
        entries[index].events = POLLIN;
        entries[index].revents = 0;
    }
    int got = poll(entries, (nfds_t)count, timeout_ms);
    // A signal has a byte of its own to be read.
    if (got < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        short is = entries[index].revents;
        ready[index] = (uint8_t)((is != 0) | (is & (POLLHUP | POLLERR | POLLNVAL) ? 2 : 0));
    }
    return got;
}

// Waits until the handshake of a new socket is through.
static int finish_connect(int fd, int timeout_ms) {
    struct pollfd entry = {.fd = fd, .events = POLLOUT};
    int got;
    do got = poll(&entry, 1, timeout_ms);
    while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    if (got == 0) return -ETIMEDOUT;
    return apus_socket_error(fd);
}

int apus_connect_wait(const apus_address *address, int timeout_ms) {
    int pending = 0;
    int fd = apus_connect(address, INT32_MAX, &pending);
    if (fd < 0 || !pending) return fd;
    int code = finish_connect(fd, timeout_ms);
    if (code == 0) return fd;
    close(fd);
    return code < 0 ? code : -code;
}

int apus_connect_path(const char *path, size_t count, int timeout_ms) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (count == 0 || count >= sizeof address.sun_path) return -EINVAL;
    memcpy(address.sun_path, path, count);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count + 1)) < 0) {
        int code = errno == EINPROGRESS ? finish_connect(fd, timeout_ms) : -errno;
        if (code != 0) {
            close(fd);
            return code < 0 ? code : -code;
        }
    }
    return fd;
}
