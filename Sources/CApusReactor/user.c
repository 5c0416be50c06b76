#define _GNU_SOURCE
#include "CApusReactor.h"
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(uid_t) == sizeof(uint32_t) && sizeof(gid_t) == sizeof(uint32_t), "numbers of users and groups");

uint32_t apus_current_user(void) { return geteuid(); }

void apus_forbid_new_privileges(void) { prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int apus_find_user(const char *name, uint32_t *user, uint32_t *group, uint32_t *groups, int capacity) {
    // Entries are as long as their system lets them be.
    for (size_t size = 4096; size <= 1 << 20; size *= 4) {
        struct passwd entry, *found = NULL;
        char *text = malloc(size);
        if (!text) return -ENOMEM;
        int code = getpwnam_r(name, &entry, text, size, &found);
        if (code == 0 && found) *user = found->pw_uid, *group = found->pw_gid;
        free(text);
        if (code == ERANGE) continue;
        if (code != 0) return -code;
        if (!found) return -ENOENT;
        int count = capacity;
        return getgrouplist(name, (gid_t)*group, (gid_t *)groups, &count) < 0 ? -E2BIG : count;
    }
    return -ERANGE;
}

// Whether all four numbers of a user, or of a group, in a thread's status are this one.
static int is_all(const char *status, const char *name, uint32_t number) {
    const char *line = strstr(status, name);
    unsigned found[4];
    if (!line || sscanf(line + strlen(name), "%u %u %u %u", found, found + 1, found + 2, found + 3) != 4) return 0;
    return found[0] == number && found[1] == number && found[2] == number && found[3] == number;
}

// Whether each thread of this process is that user's: the C library passes over one that is ending.
static int are_all(uint32_t user, uint32_t group) {
    DIR *folder = opendir("/proc/self/task");
    if (!folder) return -errno;
    int code = 0;
    for (struct dirent *entry; code == 0 && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') continue;
        char path[300], status[4096];
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        FILE *file = fopen(path, "re");
        // It has ended meanwhile.
        if (!file) continue;
        size_t size = fread(status, 1, sizeof status - 1, file);
        fclose(file);
        status[size] = 0;
        // One that is gone since has no status.
        if (size > 0 && !(is_all(status, "\nUid:\t", user) && is_all(status, "\nGid:\t", group))) code = -EPERM;
    }
    closedir(folder);
    return code;
}

int apus_become(uint32_t user, uint32_t group, const uint32_t *groups, int count) {
    // The C library does it on all threads; groups first, for nobody but root may.
    if (setgroups((size_t)count, (const gid_t *)groups) < 0) return -errno;
    if (setresgid(group, group, group) < 0) return -errno;
    if (setresuid(user, user, user) < 0) return -errno;
    uid_t real, effective, saved;
    if (getresuid(&real, &effective, &saved) < 0 || real != user || effective != user || saved != user) return -EPERM;
    // There must be no way back, as there is where somebody has had capabilities kept.
    if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0 || setgroups(0, NULL) == 0) return -EPERM;
    return are_all(user, group);
}

struct errand {
    uint32_t user, group;
    const uint32_t *groups;
    int count, code;
    void (*body)(void *);
    void *context;
};

static void *run_errand(void *argument) {
    struct errand *errand = argument;
    // The kernel's calls change this thread alone, and it ends with what it may.
    if (syscall(SYS_setgroups, (size_t)errand->count, errand->groups) < 0 ||
        syscall(SYS_setresgid, errand->group, errand->group, errand->group) < 0 ||
        syscall(SYS_setresuid, errand->user, errand->user, errand->user) < 0)
        errand->code = -errno;
    else
        errand->body(errand->context);
    return NULL;
}

int apus_run_as(uint32_t user, uint32_t group, const uint32_t *groups, int count, void (*body)(void *), void *context) {
    struct errand errand = {user, group, groups, count, 0, body, context};
    pthread_t thread;
    int code = pthread_create(&thread, NULL, run_errand, &errand);
    if (code) return -code;
    pthread_join(thread, NULL);
    return errand.code;
}
