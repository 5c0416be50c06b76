#ifndef CAPUSCRYPT_H
#define CAPUSCRYPT_H
// crypt(3) of libxcrypt, and a line from a terminal that nobody sees. No system header may be included here: Swift would see
// their types twice. What held a password is overwritten before it is given back.
#include <stddef.h>
#include <stdint.h>

// The longest password that crypt takes, and the room for a hash.
#define APUS_CRYPT_PASSWORD 511
#define APUS_CRYPT_TEXT 384

// Whether the password, which holds no NUL, hashes to this text: 1 or 0, compared in constant time; -errno where it cannot be
// hashed.
int apus_crypt_verify(const uint8_t *password, size_t count, const char *hash);

// Hashes the password with new salt; `prefix` names the kind as in "$y$", `cost` is 0 for the usual one. Answers 0, or -errno.
int apus_crypt_hash(const uint8_t *password, size_t count, const char *prefix, unsigned long cost, char *text,
                    size_t capacity);

// Reads a line without its end, from a terminal without echo. A signal that ends or stops the process does so after the terminal
// is as it was. Answers how many bytes; -ENODATA at the end of input, -E2BIG when the line does not fit, -errno.
long apus_crypt_read_line(int fd, uint8_t *line, size_t capacity);

// Has this thread give way to those that serve.
void apus_crypt_be_nice(void);
#endif
