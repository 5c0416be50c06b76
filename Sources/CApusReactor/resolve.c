#define _GNU_SOURCE
#include "CApusReactor.h"

#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

int apus_begin_look_up(void) {
    // _res is this thread's own. It is set up anew for each look-up, because the C library follows a changed resolv.conf only while
    // nobody has touched what it had read; the file itself is read again only when it has changed.
    if (_res.options & RES_INIT) res_nclose(&_res);
    memset(&_res, 0, sizeof _res);
    if (res_ninit(&_res) < 0) return errno ? -errno : -EAGAIN;
    // DEFNAMES completes a name of one label, DNSRCH any other; an alias is a file of the environment's (HOSTALIASES).
    _res.options &= ~(unsigned long)(RES_DEFNAMES | RES_DNSRCH);
    _res.options |= RES_NOALIASES;
    return 0;
}
