#ifndef CAPUSREACTOR_H
#define CAPUSREACTOR_H
#include <stddef.h>
#include <stdint.h>
#endif
