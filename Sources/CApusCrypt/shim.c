#define _GNU_SOURCE
#include "CApusCrypt.h"

#include <crypt.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

// Both are large, and both have held a password.
struct work {
    struct crypt_data data;
    char password[APUS_CRYPT_PASSWORD + 1];
};

static struct work *begin(const uint8_t *password, size_t count) {
    struct work *work = calloc(1, sizeof *work);
    if (work) memcpy(work->password, password, count);
    return work;
}

static void end(struct work *work) {
    explicit_bzero(work, sizeof *work);
    free(work);
}

// crypt_r tells a failure by a text that begins with '*', or by none at all.
static const char *hashed(struct work *work, const char *setting) {
    errno = 0;
    const char *text = crypt_r(work->password, setting, &work->data);
    return text && text[0] != '*' ? text : NULL;
}

int apus_crypt_verify(const uint8_t *password, size_t count, const char *hash) {
    if (count > APUS_CRYPT_PASSWORD) return 0;
    struct work *work = begin(password, count);
    if (!work) return -ENOMEM;
    const char *text = hashed(work, hash);
    int result = errno > 0 ? -errno : -EINVAL;
    if (text) {
        size_t length = strlen(hash);
        unsigned difference = strlen(text) != length;
        // The text is in a larger buffer of its own, so that reading on behind its end is harmless.
        for (size_t i = 0; i < length && i < sizeof work->data.output; i++)
            difference |= (unsigned char)text[i] ^ (unsigned char)hash[i];
        result = difference == 0;
    }
    end(work);
    return result;
}

int apus_crypt_hash(const uint8_t *password, size_t count, const char *prefix, unsigned long cost, char *text,
                    size_t capacity) {
    if (count > APUS_CRYPT_PASSWORD) return -ERANGE;
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (!crypt_gensalt_rn(prefix, cost, NULL, 0, setting, sizeof setting)) return -errno;
    struct work *work = begin(password, count);
    if (!work) return -ENOMEM;
    const char *made = hashed(work, setting);
    int result = made ? 0 : errno > 0 ? -errno : -EINVAL;
    if (made && strlen(made) < capacity)
        memcpy(text, made, strlen(made) + 1);
    else if (made)
        result = -ERANGE;
    end(work);
    return result;
}

static volatile sig_atomic_t caught;
static void catch_signal(int number) { caught = number; }

// Waits in short turns, because a signal may be delivered to another thread.
static long read_byte(int fd, uint8_t *byte) {
    for (;;) {
        struct pollfd entry = {.fd = fd, .events = POLLIN};
        int ready = poll(&entry, 1, 100);
        if (caught) return -EINTR;
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        if (ready < 0) return -errno;
        long count = read(fd, byte, 1);
        if (count >= 0) return count;
        if (errno != EINTR && errno != EAGAIN) return -errno;
    }
}

static long read_line(int fd, uint8_t *line, size_t capacity) {
    size_t count = 0;
    int fits = 1;
    for (;;) {
        uint8_t byte = 0;
        long got = read_byte(fd, &byte);
        if (got < 0) return got;
        if (got == 0 && count == 0) return -ENODATA;
        if (got == 0 || byte == '\n') return fits ? (long)count : -E2BIG;
        // All of the line is read, so that its rest does not end up in the next one.
        if (count < capacity)
            line[count++] = byte;
        else
            fits = 0;
    }
}

long apus_crypt_read_line(int fd, uint8_t *line, size_t capacity) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    enum { many = sizeof numbers / sizeof *numbers };
    struct sigaction before[many], ours = {.sa_handler = catch_signal};
    struct termios usual, silent;
    int is_terminal = tcgetattr(fd, &usual) == 0;
    caught = 0;
    if (is_terminal) {
        for (int i = 0; i < many; i++) sigaction(numbers[i], &ours, &before[i]);
        silent = usual;
        silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
        tcsetattr(fd, TCSAFLUSH, &silent);
    }
    long result = read_line(fd, line, capacity);
    if (is_terminal) {
        tcsetattr(fd, TCSAFLUSH, &usual);
        for (int i = 0; i < many; i++) sigaction(numbers[i], &before[i], NULL);
        if (caught) {
            // To the process: this thread may block it. Then a moment for it to arrive before anything else is said.
            kill(getpid(), caught);
            poll(NULL, 0, 200);
        }
    }
    return result;
}

void apus_crypt_be_nice(void) {
    // On Linux a thread has a niceness of its own; 0 means the one that calls.
    setpriority(PRIO_PROCESS, 0, 5);
}
